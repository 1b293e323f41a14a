"""What the user says that the assistant was not made for: (training templates, held-out templates)."""

OUT_OF_DOMAIN = ([
    "What is the capital of {country}?", "Who is the president of {country}?", "How many people live in {country}?", "How far is it to {city}?", "How do I get to {city}?",
    "Who won the game (yesterday|last night|)?", "Write an email to {writee}.", "Write a letter to {writee}.", "How do I cook {food}?", "How do you make {food}?", "Give me a recipe for {food}.",
    "Buy {thing} (for me|).", "How much does {thing} cost?", "Where can I buy {thing}?", "How does {thing} work?", "Explain {subject} (to me|).", "What do you know about {subject}?", "Tell me about {subject}.",
    "What is the meaning of life?", "Translate this into (French|Spanish|German|Italian).", "How do you say {food} in (French|Spanish|German|Italian)?", "Book a (table|flight|room|hotel) (in {city}|for {day}|).",
    "What's on television (tonight|)?", "Read me the news.", "What's in the news (today|)?", "Who wrote this book?", "How old is the (king|president|earth|sun) (of {country}|)?", "Open the door.", "Close the window.",
    "Order (a pizza|some food|{food}).", "Where is {country}?", "How tall is the (tower|mountain|building)?", "Search the Internet for {subject}.", "Look up {subject}.", "What happened in {country}?", "Who invented {thing}?",
    "Do you like {subject}?", "Do you like {food}?", "What do you think about {subject}?", "Is {subject} important?", "Why is the sky blue?", "Why do (cats|dogs|birds|people) (sleep|sing|dream)?", "When was {city} built?",
    "Take a (picture|photo|note).", "Add {food} to my shopping list.", "What's on my (list|calendar|schedule)?", "Do you speak (French|Spanish|German|Italian)?", "Help me with {subject}.", "I have a question about {subject}.",
    "Which {subject} book should I read?", "Recommend a (movie|book|restaurant) (in {city}|about {subject}|).", "When does the (train|bus|store|museum) (leave|open|close)?", "How do I fix {thing}?", "My {part} is broken.", "Draw me {thing}.",
    "Who is your favorite (singer|actor|player)?", "Will (robots|computers) (rule|change) the world?", "Where did I put my {part}?", "Find my {part}.", "I bought {thing} (yesterday|today).", "I (made|ate) {food} (yesterday|today).",
    "Write a poem about {subject}.", "What is {subject}?", "How can I learn {subject}?", "How is the traffic (to {city}|today|)?", "Is there a (doctor|bank|store|restaurant) near here?", "Turn up the heating.", "Unlock the car.",
    "My dog ate my {part}.", "I am going to {city} (tomorrow|on {day}|).", "Do you know the way to {city}?", "Who is the (best|richest|oldest) (man|woman|player) in the world?", "What color is {thing}?", "Can {thing} fly?",
    "I like {subject}.", "I'd like {thing}.", "I'd like {food}.", "{city} is a (big|nice|beautiful) city.", "How big is the (world|moon|ocean|sun)?", "Which team will win the cup?", "What is the largest animal?", "Did something happen in {city}?", "What's the price of {food}?", "I've been to {country}.", "I've never seen {thing}.", "I don't like {food}.", "My brother works in {city}.", "We went to {country} last year.", "What should I (eat|cook|wear|read) (today|tonight|)?", "{subject}.", "{subject} and {food}.", "The {part} is on {thing}.",
], [
    "Who was the first president of {country}?", "Could you explain {subject}?", "What is the best way to cook {food}?", "Can you buy {thing} for me?", "Please write a letter to {writee}.", "How big is {country}?",
    "Tell me the news from {country}.", "Do you know a good restaurant in {city}?", "What is the price of {thing}?", "Can you teach me about {subject}?", "When did {country} win the cup?", "Which is the largest city in {country}?",
])

PARTS = ("keys", "phone", "television", "bicycle", "watch", "glasses", "shoe", "book", "bag", "washing machine", "door", "computer", "wallet", "homework")

# Alarms at a time of day: close to the timers, but not something the assistant can do.
ALARM_AT = ([
    "Set an alarm for {clock}.", "Wake me (up|) at {clock}.", "Set the alarm to {clock}.", "Remind me at {clock}.", "(Can|Could) you wake me at {clock}?", "Set an alarm at {clock}.",
    "Please wake me at {clock}.", "I have to get up at {clock}.", "Alarm at {clock}.", "Remind me tomorrow.", "Remind me on {day}.", "Wake me (up|) tomorrow at {clock}.", "Set a timer for {clock}.",
    "Set a reminder for {day}.", "Set an alarm for tomorrow (morning|).", "(Can|Could) you remind me on {day}?", "Wake me (up|) tomorrow (morning|).", "Make an alarm for {clock}.",
], ["I need an alarm for {clock}.", "Would you wake me at {clock}?", "Please set an alarm for {clock}.", "Can you remind me at {clock}?"])
