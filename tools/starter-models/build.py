"""Makes the starter models from nothing but this folder and Debian packages.

    /usr/bin/python3 tools/starter-models/build.py [chat|recogniser|turn|all] [--minutes M]
"""
import argparse


def build_chat(minutes: float) -> None:
    import train_chat
    train_chat.main(minutes=minutes)


def build_recogniser(minutes: float) -> None:
    import train_recogniser
    train_recogniser.main(minutes=minutes)


def build_turn(minutes: float) -> None:
    import train_turn
    train_turn.main(minutes=minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("chat", "recogniser", "turn", "all"), default="all")
    parser.add_argument("--minutes", type=float, default=0, help="train each model for about this long; 0: the documented number of steps")
    arguments = parser.parse_args()
    import heldout
    heldout.main()
    if arguments.what in ("chat", "all"):
        build_chat(arguments.minutes)
    if arguments.what in ("recogniser", "all"):
        build_recogniser(arguments.minutes)
    if arguments.what in ("turn", "all"):
        build_turn(arguments.minutes)


if __name__ == "__main__":
    main()
