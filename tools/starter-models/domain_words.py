"""Word lists of the everyday domain: slot values, jokes, facts, fillers."""

NAMES = ("Anna Tom Maria Peter Sarah John Emma Paul Lucy Mark Laura David Sophie James Julia Robert Nina Alex "
         "Karen Simon Helen Daniel Clara Martin Lisa Michael Rosa Frank Alice Henry Diana George Eva Oscar Linda "
         "Jack Hannah Leo Grace Adam Olivia Max Irene Victor Susan Felix Marta Ben Amy Walter Ruth Kevin Nora "
         "Steven Jane Philip Vera Arthur Molly Eric Paula Hugo Carol Ivan Ella Bruno Mia Charlie Kate William").split()

LABELS = ("tea pasta eggs laundry pizza rice bread cake coffee soup cookies potatoes homework dinner lunch "
          "breakfast nap workout oven washing chicken break reading meeting yoga vegetables").split()

ROOMS = ("kitchen", "bedroom", "living room", "bathroom", "hall", "garden", "office", "dining room", "garage")

STYLES = ("jazz", "rock", "classical music", "piano music", "quiet music", "dance music", "country music",
          "happy music", "a song", "some music", "the radio", "my favorite song", "something slow")

CITIES = ("London", "Paris", "Rome", "Berlin", "Madrid", "New York", "Boston", "Vienna", "Dublin", "Chicago")

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = ("January February March April May June July August September October November December").split()

PEOPLE = ("my mother", "my brother", "my sister", "a friend", "my doctor", "my boss", "the office", "my wife",
          "my husband", "my son", "my daughter", "the neighbors")

# Out-of-domain material: what people ask that the assistant was not made for.
COUNTRIES = ("France", "Italy", "Spain", "Germany", "Canada", "Japan", "Brazil", "India", "Mexico", "Egypt",
             "China", "Poland", "Norway", "Peru")
THINGS = ("a car", "a house", "a train", "a computer", "a bicycle", "a ticket", "a table", "a camera", "a phone",
          "a plane", "a boat", "a window", "a guitar", "a garden chair", "a rocket", "a bridge", "shoes", "a map")
FOODS = ("rice", "bread", "an apple pie", "chicken soup", "pancakes", "a salad", "fish", "chocolate cake", "beans",
         "pizza", "tomato sauce", "coffee")
SUBJECTS = ("history", "the moon", "football", "politics", "chess", "the ocean", "physics", "dinosaurs", "art",
            "money", "the stars", "elections", "tennis", "gardening", "poetry", "the human body", "volcanoes",
            "robots", "trains", "bees")
BOOKS = ("my boss", "my teacher", "my landlord", "my bank", "my friend", "the school", "my team")

JOKES = (
    "Why did the tomato turn red? Because it saw the salad dressing.",
    "What do you call a fish without eyes? A fsh.",
    "Why can't a bicycle stand up by itself? It is two tired.",
    "What do you call a bear with no teeth? A gummy bear.",
    "Why did the cookie go to the doctor? It felt crumbly.",
    "What did one wall say to the other? I will meet you at the corner.",
    "Why was the math book sad? It had too many problems.",
    "What has four wheels and flies? A garbage truck.",
)

FACTS = (
    "Honey never spoils.",
    "An octopus has three hearts.",
    "Bananas are berries, but strawberries are not.",
    "A day on Venus is longer than its year.",
    "The Eiffel Tower grows a little taller in summer.",
    "Sea otters hold hands while they sleep.",
    "Light from the sun needs about eight minutes to reach us.",
    "A group of crows is called a murder.",
)

OPENERS = ("um,", "uh,", "well,", "hey Parley,", "okay,", "hi,", "so,", "Parley,", "hey,", "please,", "okay Parley,",
           "hello,", "oh,", "now,", "and")
CLOSERS = ("please", "Parley", "please", "now", "thanks", "then")

# Polite forms around an order: "Turn on the lights." -> "Could you turn on the lights?"
ORDERS = ("Add Book Brighten Buy Calculate Call Cancel Check Clear Compute Connect Count Cancel Delete Dim Divide Draw End Explain Find Get Give Help Introduce "
          "Look Make Multiply Open Order Pause Phone Play Put Read Recommend Remind Remove Repeat Ring Say Search Send Set Show Sing Skip Solve Start Stop Subtract "
          "Switch Take Teach Tell Transfer Translate Turn Wake Work Write").split()
POLITE = ("Please {}.", "Can you {}?", "Could you {}?", "Would you {}?", "Will you {}?", "Can you please {}?", "Could you please {}?", "I want you to {}.",
          "I'd like you to {}.", "You can {} now.", "I need you to {}.")
