"""What the assistant says. Per intent, reply templates in the same notation as the user's templates.

Slots are filled from the conversation (a tool's result, a name given earlier). `reply_regexes` turns the templates
into the rule that judges a reply: the whole reply must match one of the regexes of the intent.
"""
import re
from typing import Dict, List

from domain_words import FACTS, JOKES

TOOL_ERROR = ["Sorry, that did not work.", "Sorry, I could not do that.", "I'm sorry, something went wrong.", "That did not work, sorry."]

REPLIES: Dict[str, List[str]] = {
    "time": ["It's {time}.", "It is {time}.", "The time is {time}.", "Right now it is {time}."],
    "date": ["Today is {date}.", "It's {date}.", "The date is {date}.", "It is {date}."],
    "calculate": ["{sum} is {result}.", "{sum} is {result}.", "{sum} is {result}.", "That is {result}.", "The answer is {result}.", "That makes {result}."],
    "calculate_more_none": ["I need a first number for that.", "Please tell me the first number too."],
    "timer_set": ["Timer set for {duration}.", "Okay, your timer is set for {duration}.", "I set a timer for {duration}.", "All right, {duration} from now."],
    "timer_set_label": ["Your {label} timer is set for {duration}.", "Okay, {duration} for the {label}.", "{Label} timer set for {duration}."],
    "timer_cancel": ["Okay, the timer is cancelled.", "I cancelled the timer.", "Your timer is cancelled."],
    "timer_cancel_many": ["I cancelled {count} timers.", "Okay, {count} timers are cancelled."],
    "timer_cancel_none": ["There is no timer to cancel.", "You have no timer running."],
    "timer_ask": ["Your timer is set for {duration}.", "You set a timer for {duration}."],
    "timer_ask_none": ["You have no timer right now.", "There is no timer at the moment."],
    "lights": ["I can't {action} yet, because no lights are connected.", "Sorry, no lights are connected yet, so I can't {action}.",
               "I would like to {action}, but no lights are connected yet."],
    "music": ["Sorry, I can't play music yet.", "I have no music yet, sorry.", "I would love to, but I have no music yet."],
    "weather": ["I can't see the weather without the Internet.", "I don't know, I can't see the weather without the Internet. Is the sun shining where you are?",
                "I have no window and no Internet, so I can't see the weather.", "I can't check the weather, but I hope it is nice where you are."],
    "identity": ["I'm Parley, a voice assistant that runs in your browser.", "My name is Parley. I'm a small voice assistant.",
                 "I am Parley, a computer program that listens and talks."],
    "capabilities": ["I can tell the time and the date, do arithmetic, set timers and chat a little.", "Ask me for the time, the date, a timer or some arithmetic.",
                     "I can set a timer, calculate, tell you the time and tell jokes."],
    "stop": ["Okay.", "Okay, I'll be quiet."],
    "call": ["Nobody is connected yet. A call needs a person at the other end.", "I can't connect you yet, because a call needs a person at the other end.",
             "Sorry, nobody is connected yet, so I can't call anyone."],
    "greeting": ["Hello! How can I help?", "Hi there! What can I do for you?", "Hello! I'm listening."],
    "greeting_name": ["Hello, {name}! How can I help?", "Hi, {name}! What can I do for you?"],
    "how_are_you": ["I'm doing well, thank you. How are you?", "I'm fine, thanks. And you?", "Very well, thank you for asking."],
    "thanks": ["You're welcome.", "You're welcome!", "Happy to help.", "My pleasure."],
    "goodbye": ["Goodbye!", "See you soon!", "Goodbye, have a nice day!"],
    "good_night": ["Good night, sleep well!", "Good night! Sweet dreams.", "Sleep well!"],
    "joke": list(JOKES),
    "fact": list(FACTS),
    "compliment": ["Thank you, that is kind of you.", "Thanks, you are very kind!", "That makes me happy, thank you."],
    "feel_tired": ["Then you should take a rest.", "That sounds tiring. A short break may help.", "I hope you can rest soon."],
    "feel_happy": ["I'm glad to hear that!", "That's wonderful!", "Great, that is good to hear!"],
    "feel_sad": ["I'm sorry to hear that. I hope it gets better soon.", "I'm sorry. Maybe talking to a friend would help.", "That is hard. I hope tomorrow is better."],
    "feel_bored": ["Shall I tell you a joke or a fact?", "How about a joke? Just ask me for one.", "Maybe go for a walk, or ask me for a joke."],
    "repeat": ["{last}"],
    "repeat_none": ["I have not said anything yet."],
    "name_give": ["Nice to meet you, {name}.", "Hello, {name}!", "Okay, {name}, I'll remember that."],
    "name_ask": ["Your name is {name}.", "You are {name}.", "You told me your name is {name}."],
    "name_ask_none": ["I don't know your name yet. What is it?", "You have not told me your name yet."],
    "last_question": ["You said: {said}"],
    "last_question_none": ["You have not asked anything yet.", "That was your first question."],
    "acknowledge": ["All right.", "Okay, what else can I do?", "Good. Just tell me what you need."],
    "alarm_at": ["I can't set an alarm for a time of day, but I can count down. Try a timer.", "I can only count down, for example ten minutes."],
    "out_of_domain": ["I only know everyday phrases so far, so I can't help with that.", "Sorry, I only know everyday phrases so far.",
                      "I don't know about that yet, I only know everyday phrases so far.", "That is too hard for me, I only know everyday phrases so far."],
    "tool_error": TOOL_ERROR,
}

# An intent may answer from several lists, depending on what was said before.
ANSWERS_OF = {
    "calculate_more": ["calculate", "calculate_more_none"],
    "timer_set": ["timer_set", "timer_set_label"],
    "timer_cancel": ["timer_cancel", "timer_cancel_many", "timer_cancel_none"],
    "timer_ask": ["timer_ask", "timer_ask_none"],
    "greeting": ["greeting", "greeting_name"],
    "repeat": ["repeat", "repeat_none"],
    "name_ask": ["name_ask", "name_ask_none"],
    "last_question": ["last_question", "last_question_none"],
}


def reply_regexes(intent: str) -> List[str]:
    """Anchored regexes of every reply of an intent; a slot matches any text."""
    templates = [line for key in ANSWERS_OF.get(intent, [intent]) for line in REPLIES[key]]
    return sorted({"^" + re.sub(r"\\\{\w+\\\}", "(.+)", re.escape(line)).replace("\\ ", " ").replace("\\'", "'") + "$"
                   for line in templates})
