"""What the user says: per intent, templates for training and templates held out for the evaluation.

`(a|b|)` chooses one branch, `{slot}` is filled from domain_words or domain_numbers. The held-out list of an intent
is never used for training; domain.py also rejects any training expansion that equals a held-out one.
"""

TIME = ([
    "What time is it?", "What's the time?", "(Can|Could) you tell me the time?", "Tell me the time.",
    "What time is it (now|right now|at the moment|here|please)?", "Do you know what time it is?",
    "Do you have the time?", "(Please|Can you) give me the time.", "What does the clock say?",
    "What is the time (now|right now|please|)?", "Time, please.", "The time, please.", "What time do we have?",
    "I need (the time|to know the time).", "Check the (time|clock).", "How late is it (now|already|)?",
    "What hour is it?", "Is it (noon|late|midnight|morning) (already|yet|now)?", "Look at the clock for me.",
    "I (want|would like) to know the (current|exact|right|) time.", "Say the time.", "What's the (exact|current|local|right) time?",
    "(Do|Would) you know the time?", "Could you (check|read|look up) the (time|clock) (for me|)?", "And what time is it?",
    "Tell me what time it is (now|right now|please|).", "(Just|Only) the time.", "Is it time for (lunch|dinner|bed) yet?",
    "(What's|What is) the time (there|over there|on your clock)?", "How about the time?", "What is the (hour|time of day)?",
    "Can you (say|see) what time it is?", "I (forgot|lost) my watch, what time is it?", "My watch stopped.", "Have you got the time?", "I'd like the time, please.", "I'd love to know the time.",
], [
    "Would you tell me what time it is?", "Please tell me the current time.", "I'd like to know what time it is.",
    "What time is it by your clock?", "Do you happen to know the time?", "Can you check what time it is?",
    "Give me the exact time.", "Could you say what the time is?",
])

DATE = ([
    "What's the date?", "What is the date (today|)?", "What day is it (today|)?", "What is today's date?",
    "Which day is it (today|)?", "Tell me the date.", "What day of the week is it?", "(Can|Could) you tell me the date?",
    "What's today?", "What day is today?", "Do you know (the date|what day it is)?", "Is it {day} (today|)?",
    "Is today {day}?", "What month is it?", "What year is it?", "Which month are we in?", "The date, please.",
    "And what day is it?", "And the date?", "I need (the date|today's date|to know the date).", "What's the day today?",
    "Tell me what day it is.", "What date (is it|do we have) (today|)?", "Which year is it?", "Give me (the|today's) date.",
    "Say the date.", "What day of the month is it?", "Check the (date|calendar).", "What does the calendar say?",
    "Do we have {month} already?", "Is it the weekend (yet|already|)?", "(Tell|Give) me today's (date|day), please.",
    "What weekday is it?", "Which date is (it|today)?", "I (forgot|don't know) what day it is.", "Can you (check|look up) the date?",
    "Could you (check|say) what day it is?", "How about the date?", "What's the (full|exact|current) date?",
], [
    "Would you tell me today's date?", "Which day of the week do we have?", "Do you know which day it is?",
    "Please tell me what day it is today.", "What is the day and the date today?", "Could you give me the date?",
    "I'd like to know the date.", "Can you say what the date is today?",
])

# {a} and {b} are numbers, {p} a percentage; {op} is a spoken operator.
CALCULATE = ([
    "What is {a} {op} {b}?", "What's {a} {op} {b}?", "How much is {a} {op} {b}?", "Calculate {a} {op} {b}.",
    "{a} {op} {b}.", "{a} {op} {b}?", "(Can|Could) you (calculate|compute|work out) {a} {op} {b}?", "Tell me {a} {op} {b}.",
    "What does {a} {op} {b} (make|give|equal)?", "What do you get for {a} {op} {b}?", "(Please|Now) calculate {a} {op} {b}.",
    "I need {a} {op} {b}.", "What would {a} {op} {b} be?", "(Work|Figure) out {a} {op} {b}.", "Compute {a} {op} {b}.",
    "Do you know what {a} {op} {b} is?", "{a} {op} {b} is what?", "And {a} {op} {b}?", "How about {a} {op} {b}?",
    "Add {a} and {b}.", "What is the sum of {a} and {b}?", "Add {b} to {a}.", "Multiply {a} by {b}.", "Multiply {a} and {b}.",
    "Divide {a} by {b}.", "Subtract {b} from {a}.", "Take {b} away from {a}.", "What is {a} and {b} together?",
    "What is {p} percent of {b}?", "What's {p} percent of {b}?", "How much is {p} percent of {b}?", "{p} percent of {b}.",
    "Calculate {p} percent of {b}.", "Tell me {p} percent of {b}.", "(Can|Could) you (calculate|work out) {p} percent of {b}?",
    "I need {p} percent of {b}.", "What is half of {b}?", "What is {p} percent from {b}?", "And {p} percent of {b}?",
    "Let's (do|try) {a} {op} {b}.", "(Can|Could) you (add|sum) {a} and {b}?", "(Can|Could) you multiply {a} by {b}?",
    "(Can|Could) you divide {a} by {b}?", "What is the product of {a} and {b}?", "What is the difference between {a} and {b}?",
    "If I have {a} and I add {b}, what do I get?", "Give me {a} {op} {b}.", "Quick, what is {a} {op} {b}?",
    "What about {a} {op} {b}?", "(Give|Find) me {p} percent of {b}.", "Find {a} {op} {b}.", "I'd like to calculate {a} {op} {b}.", "Solve {a} {op} {b}.",
], [
    "How much would {a} {op} {b} be?", "Please work out {a} {op} {b}.", "What do I get for {a} {op} {b}?",
    "Could you tell me what {a} {op} {b} is?", "I'd like to know {a} {op} {b}.", "Can you tell me {p} percent of {b}?",
    "What would {p} percent of {b} be?", "Please divide {a} by {b}.", "Please add {a} and {b}.", "Could you multiply {a} and {b}?",
    "Do the math, {a} {op} {b}.",
])

CALCULATE_MORE = ([
    "And {op} {b}?", "{op} {b}.", "Now {op} {b}.", "Then {op} {b}.", "And (now|then) {op} {b}?", "What about that {op} {b}?",
    "And that {op} {b}?", "What is that {op} {b}?", "And what is that {op} {b}?", "(Now|Then) the result {op} {b}.",
    "That {op} {b}.", "How much is that {op} {b}?", "Multiply (that|it) by {b}.", "Add {b} to (that|it).",
    "Divide (that|it) by {b}.", "Subtract {b} from (that|it).", "And {p} percent of that?", "What is {p} percent of that?",
    "Now add {b}.", "Now divide by {b}.", "Now multiply by {b}.", "And multiply it by {b}.", "And divide that by {b}.",
], [
    "And what's that {op} {b}?", "Now take that {op} {b}.", "Please multiply that by {b}.", "Please add {b} to that.",
    "How much is {p} percent of that?", "And if you divide it by {b}?",
])

# {duration} is "five minutes"; {durational} is "five minute"; {label} is "tea".
TIMER_SET = ([
    "Set a timer for {duration}.", "Set a {durational} timer.", "Start a timer for {duration}.", "Start a {durational} timer.",
    "(Can|Could) you set a timer for {duration}?", "Timer for {duration}.", "{duration} timer.", "Please set a timer for {duration}.",
    "Set the timer (to|for) {duration}.", "I need a timer for {duration}.", "I need a {durational} timer.",
    "Remind me in {duration}.", "Wake me in {duration}.", "Tell me when {duration} (are over|have passed|are up).",
    "Count down {duration}.", "Make a timer for {duration}.", "Put {duration} on the timer.", "Give me {duration}.",
    "Set an alarm in {duration}.", "Set an alarm for {duration} (from now|).", "(Let me know|Call me) in {duration}.",
    "Set a {label} timer for {duration}.", "Start a {label} timer for {duration}.", "Set a timer for {duration} for the {label}.",
    "Set a timer for the {label}, {duration}.", "Timer for the {label}, {duration}.", "{duration} for the {label}.",
    "Start a {durational} timer for the {label}.", "Set a {durational} timer for the {label}.", "Set a {durational} {label} timer.",
    "Remind me about the {label} in {duration}.", "The {label} needs {duration}.", "The {label} will be ready in {duration}.",
    "(Can|Could) you set a {label} timer for {duration}?", "I need a {label} timer for {duration}.",
    "Set a timer called {label} for {duration}.", "Please start a {label} timer for {duration}.", "Make a {label} timer for {duration}.",
    "Remind me to check the {label} in {duration}.", "My {label} takes {duration}.", "(Can|Could) you start a timer for {duration}?",
    "(Can|Could) you remind me in {duration}?", "Start {duration}.", "Time {duration}.", "Time {duration} for me.",
    "(Another|One more|A new) timer for {duration}.", "Set another timer for {duration}.", "Start the timer for {duration}.",
    "(Can|Could) you wake me (up|) in {duration}?", "Wake me up in {duration}.", "I want a {durational} timer.",
    "I (want|would like) a timer for {duration}.", "I'd like a {durational} timer.", "Ring in {duration}.", "Beep in {duration}.", "Set a countdown for {duration}.",
], [
    "I'd like a timer for {duration}.", "Would you set a timer for {duration}?", "Please start a timer for {duration}.",
    "Can you make a {durational} timer?", "Could you give me a timer for {duration}?", "Please remind me in {duration}.",
    "Please set a {label} timer for {duration}.", "Can you time {duration} for the {label}?", "I want a timer for the {label}, {duration}.",
    "Start a countdown of {duration}.", "Could you start a {label} timer for {duration}?",
])

TIMER_CANCEL = ([
    "Cancel the timer.", "Cancel (my|that|this) timer.", "Stop the timer.", "Stop (my|that|this) timer.", "Delete the timer.",
    "Turn off the timer.", "(Can|Could) you (cancel|stop) the timer?", "Please (cancel|stop) the timer.", "Remove the timer.",
    "Clear the timer.", "End the timer.", "I don't need the timer anymore.", "Cancel timer.", "Cancel all timers.", "Forget the timer.",
    "Switch off the timer.", "Turn the timer off.", "Kill the timer.", "No more timer.", "Never mind the timer.", "Stop timer.",
    "Stop all timers.", "Cancel the {label} timer.", "Stop the {label} timer.", "Turn off the {label} timer.", "Cancel it, the timer.",
    "(Can|Could) you (cancel|delete|remove|turn off) (my|that|the) timer?", "Cancel the alarm.", "Stop the alarm.", "Turn off the alarm.",
    "The timer is not needed anymore.", "I (want|need) to (cancel|stop) the timer.", "Stop the countdown.", "Cancel the countdown.",
    "Drop the timer.", "Clear all timers.", "Please delete the timer.", "I don't need that timer now.", "Cancel the reminder.",
], [
    "Please turn off the timer.", "Would you cancel the timer?", "You can cancel the timer now.", "Could you stop that timer, please?",
    "I no longer need the timer.", "Please remove my timer.", "You can stop the timer.", "Delete my timer, please.",
])

TIMER_ASK = ([
    "How long is (that|the|my) timer?", "How long is the timer set for?", "What is the timer set to?", "How many minutes is that timer?",
    "How long did I set the timer for?", "How long was (that|the) timer?", "What timer did I set?", "Is there a timer?", "Is a timer running?",
    "Do I have a timer?", "Which timer is (running|set)?", "Did you set the timer?", "Is the timer (on|running|set)?", "Do I have any timers?",
    "What is the timer for?", "What's the timer set to?", "How long is it set for, the timer?", "Tell me about the timer.",
    "How (much|long) time is on the timer?", "Did I set a timer?", "For how long is the timer?", "What about (my|the) timer?",
    "How long does the timer (run|go|last)?", "(Check|Show me) the timer.", "How long will the timer (run|take)?", "Are there any timers?",
], [
    "For how long did you set that timer?", "How long is my timer set for?", "Have I got a timer running?", "Can you tell me how long the timer is?",
    "What is my timer set to?", "Do you have a timer for me?",
])
