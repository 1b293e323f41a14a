"""What the user says, continued: the intents without a tool. Each is (training templates, held-out templates)."""

LIGHTS = ([
    "Turn (on|off) the lights.", "Turn the lights (on|off).", "Turn (on|off) the {room} lights.", "Switch (on|off) the light.",
    "Turn the {room} lights (on|off).", "Switch the {room} light (on|off).", "Switch (on|off) the light in the {room}.",
    "Turn (on|off) the light in the {room}.", "Lights (on|off).", "Lights (on|off) in the {room}.", "Dim the (lights|{room} lights).",
    "Make it brighter in the {room}.", "(Can|Could) you turn (on|off) the lights?", "(Can|Could) you turn (on|off) the {room} lights?",
    "(Can|Could) you dim the lights?", "Please turn (on|off) the {room} light.", "I need (light|more light) in the {room}.",
    "It's too dark in (here|the {room}).", "{room} lights (on|off).", "Put the {room} lights (on|off).", "Make the {room} lights brighter.",
    "Brighten the {room} lights.", "All lights (on|off).", "Turn (on|off) all the lights.", "Light up the {room}.", "Turn (on|off) the lamp.",
    "Turn (on|off) the lamp in the {room}.", "Switch the lamp (on|off).", "Please switch (on|off) the lights in the {room}.",
    "Turn down the {room} lights.", "(Can|Could) you switch (on|off) the {room} lamp?", "I want the lights (on|off).",
], [
    "Would you turn (on|off) the {room} lights?", "Please dim the {room} lights.", "Could you switch (on|off) the light in the {room}?",
    "I'd like the {room} lights (on|off).", "Please put the lights (on|off).", "The {room} is too dark.",
])

MUSIC = ([
    "Play {style}.", "(Can|Could) you play {style}?", "Please play {style}.", "Put on {style}.", "I want to hear {style}.",
    "Turn (on|up|down|off) the music.", "Stop the music.", "Next song.", "Play the next song.", "Play me {style}.", "Let me hear {style}.",
    "Start {style}.", "I (want|would like) to listen to {style}.", "Sing a song.", "Sing me a song.", "(Can|Could) you sing?", "Pause the music.",
    "Skip this song.", "Make the music louder.", "Find me {style}.", "Let's listen to {style}.", "How about {style}?", "I feel like {style}.",
    "Do you have any music?", "Music, please.", "Play something (nice|good|new|relaxing).", "Turn on {style}.", "Could you put on {style}?",
], [
    "I'd like to hear {style}.", "Would you play {style}?", "Please put on {style}.", "Can you start {style}?", "Let's hear {style}.",
])

WEATHER = ([
    "What's the weather (like|like today|today|tomorrow|)?", "How is the weather (today|)?", "Will it rain (today|tomorrow|tonight|on {day})?",
    "Is it raining?", "Is it (cold|hot|warm|windy|sunny) (outside|today)?", "What's the weather in {city}?", "How is the weather in {city}?",
    "Do I need (an umbrella|a coat|a jacket) (today|)?", "What is the temperature (outside|today|)?", "Tell me the weather.",
    "Will it (snow|be sunny|be cold|be warm) (today|tomorrow|on {day})?", "What will the weather be (like|) (tomorrow|on {day})?",
    "Give me the weather (report|forecast|).", "What's the forecast (for tomorrow|for {day}|)?", "It's (cold|hot|raining|sunny|snowing) (outside|today).",
    "The weather is (nice|bad|terrible|beautiful) (today|).", "How (cold|hot|warm) is it (outside|today|in {city})?", "Is it going to (rain|snow) (today|tomorrow|)?",
    "Does it (rain|snow) in {city}?", "What's it like outside?", "Nice weather (today|).", "Is the sun shining?", "Weather, please.",
    "(Can|Could) you tell me the weather (in {city}|)?", "Should I take (an umbrella|a coat|a jacket)?", "What is the weather going to be (tomorrow|on {day})?", "How will the weather be in {city}?", "I hope it doesn't rain.",
    "What about the weather?", "Tell me about the weather (in {city}|tomorrow|on {day}).", "Is there a storm coming?",
], [
    "Could you tell me the weather for tomorrow?", "Do you think it will rain on {day}?", "What is the weather going to be like in {city}?",
    "Is it cold in {city}?", "Will I need an umbrella tomorrow?", "Do you know if it is raining?",
])

IDENTITY = ([
    "Who are you?", "What are you?", "What is your name?", "What's your name?", "Are you a robot?", "Are you human?", "Are you a person?",
    "Tell me about yourself.", "Who am I talking to?", "Introduce yourself.", "Do you have a name?", "Are you a computer?",
    "Who made you?", "What kind of (assistant|thing|machine) are you?", "What should I call you?", "Are you real?", "Are you alive?", "Who is this?",
    "Who is speaking?", "Who is there?", "Say who you are.", "Where are you (from|)?", "Where do you live?", "Are you a (man|woman|machine|real person)?",
    "And who are you?", "And what's your name?", "How old are you?", "What is Parley?", "Who is Parley?", "What do they call you?", "Are you Parley?", "Who am I chatting with?", "Who am I speaking to?", "Who do I talk to?", "Am I talking to a (robot|machine|computer|person)?",
    "Is this a (robot|computer|person)?", "Do I speak with a (machine|person|human)?", "How are you called?", "How can I call you?", "Who are you, Parley?", "Do you have a body?",
], [
    "Can you tell me who you are?", "How should I call you?", "Could you introduce yourself?", "Who am I speaking with?",
    "Do I talk to a robot?", "Tell me your name.",
])

CAPABILITIES = ([
    "What can you do?", "How can you help me?", "What can I ask you?", "What do you know?", "Help.", "Help me.", "Can you help me?",
    "What are you good for?", "What are your skills?", "What can I say?", "Tell me what you can do.", "What do you do?", "What else can you do?",
    "How do you work?", "What commands do you know?", "Give me some examples.", "I need help.", "What should I ask?", "List your functions.",
    "What else?", "What are you able to do?", "Can you do anything?", "What features do you have?", "How does this work?", "Show me what you can do.",
    "What things can you do?", "What can you do for me?", "Do you have any skills?", "How do I use you?", "What are my options?", "I don't know what to say.", "I'd like some help.", "I'd like to know what you can do.",
], [
    "What can you help me with?", "Tell me how you can help.", "What kind of things can you do?", "What could I ask you?", "Can you tell me what you do?",
    "What do you know how to do?",
])

STOP = ([
    "Stop.", "Be quiet.", "Quiet.", "Stop talking.", "Shut up.", "Enough.", "That's enough.", "Hush.", "Silence.", "Please stop.", "Never mind.",
    "Cancel.", "Okay, stop.", "No, stop.", "Stop it.", "Please be quiet.", "Forget it.", "Hold on.", "Wait.", "Stop please.", "Pause.", "Shush.",
    "Be silent.", "Don't talk.", "You can stop.", "Quiet please.", "Stop speaking.", "Wait a moment.", "One moment.", "Not now.", "Nothing.", "Just a second.",
    "Leave it.", "I've had enough.", "Let me think.",
], [
    "Can you be quiet?", "You can stop talking.", "Stop talking now.", "Please stop speaking.", "That is enough now.",
])

CALL = ([
    "Call {person}.", "(Can|Could) I speak to (a person|someone|a human|somebody)?", "I want to (speak|talk) to (a person|a human|someone|{person}).",
    "Connect me to (a person|a human|{person}|someone).", "Phone {person}.", "Let me talk to (a real person|a human|someone|{person}).", "Is anybody there?",
    "Get me a human.", "(Can|Could) you call {person}?", "Make a call.", "Make a phone call.", "Put me through to {person}.", "I need to (speak|talk) to {person}.",
    "Please call {person}.", "Ring {person}.", "Call someone.", "Give me a (real|) person.", "Is there a (real|) person I can talk to?", "Start a call with {person}.",
    "Send a message to {person}.", "Tell {person} that I am late.", "I would like to (speak|talk) to (someone|a human|{person}).", "Human, please.",
    "(Can|Could) you connect me (with|to) {person}?", "Transfer me to a (person|human).", "Call the police.", "I want a human.",
], [
    "Would you call {person}?", "May I speak to {person}?", "Please connect me to {person}.", "I'd like to talk to a real person.",
    "Can I talk to a human?", "Please let me speak to {person}.",
])

GREETING = ([
    "Hello.", "Hi.", "Hey.", "Hello there.", "Good morning.", "Good afternoon.", "Good evening.", "Hi there.", "Hello Parley.", "Hi Parley.", "Hey Parley.",
    "Hey there.", "Hello again.", "Good day.", "Hello, hello.", "Are you there?", "Can you hear me?", "Hello, can you hear me?", "Morning.", "Hello, are you there?",
    "Hi again.", "Good morning Parley.", "Good evening Parley.", "Greetings.", "Nice to meet you.", "Do you hear me?", "Are you listening?", "Testing.", "Testing, testing.",
    "I'm back.", "Welcome back.", "Hello my friend.",
], [
    "Hi, can you hear me?", "Good afternoon Parley.", "Hello, good morning.", "Hello there Parley.", "Hey, are you there?",
])

HOW_ARE_YOU = ([
    "How are you?", "How are you doing?", "How are you today?", "How do you feel?", "How is it going?", "How's it going?", "Are you okay?", "What's up?",
    "How are things?", "And how are you?", "How have you been?", "Are you well?", "Hello, how are you?", "Hi, how are you?", "Are you fine?", "How was your day?",
    "How do you feel today?", "And you?", "How is your day?", "How are you doing today?", "Is everything okay?", "Are you happy?", "What's new?", "How are you this morning?",
    "Are you tired?", "How's life?",
], [
    "How are you feeling today?", "How is your day going?", "Are you doing okay?", "Hello, how are you doing?", "So how are you?",
])

THANKS = ([
    "Thank you.", "Thanks.", "Thanks a lot.", "Thank you very much.", "Many thanks.", "Great, thank you.", "Thank you so much.", "Okay, thanks.", "Perfect, thanks.",
    "Thanks, Parley.", "Thank you, Parley.", "I appreciate it.", "Thanks for your help.", "That was helpful.", "Good, thanks.", "Thank you for that.", "Wonderful, thank you.",
    "That helps.", "Nice, thanks.", "Thanks for that.", "Thank you for your help.", "Cheers.", "You helped me.", "Very helpful, thanks.", "Thanks again.",
], [
    "Thank you, that was helpful.", "Great, thanks a lot.", "Thanks so much.", "Okay, thank you very much.", "Many thanks for your help.",
])

GOODBYE = ([
    "Goodbye.", "Bye.", "Bye bye.", "See you.", "See you later.", "See you tomorrow.", "I have to go.", "Goodbye Parley.", "Talk to you later.", "Bye Parley.", "So long.",
    "I'm leaving.", "Have a nice day.", "That's all.", "That is all for today.", "Until tomorrow.", "I'm done.", "Until next time.", "Goodbye for now.", "Bye for now.",
    "See you soon.", "I must go now.", "That's it for now.", "We are done.", "Take care.", "I'm going now.", "Have a good day.", "Catch you later.",
], [
    "Okay, goodbye then.", "I have to leave now.", "See you again soon.", "That is all, bye.", "Talk to you tomorrow.",
])

GOOD_NIGHT = ([
    "Good night.", "Sleep well.", "I'm going to bed.", "Good night Parley.", "Night night.", "I'm going to sleep.", "Time for bed.", "Sweet dreams.", "I go to bed now.",
    "I'm off to bed.", "Have a good night.", "It's time to sleep.", "Sleep tight.", "I want to sleep now.", "I will go to sleep.", "I'm going to bed now.", "Let's call it a night.",
    "Good night and sleep well.", "I need to sleep now.", "I must go to bed.",
], [
    "I will go to bed now.", "Good night, sleep tight.", "I'm going to sleep now.", "Have a good night, Parley.",
])

JOKE = ([
    "Tell me a joke.", "Do you know a joke?", "Make me laugh.", "Tell a joke.", "(Can|Could) you tell me a joke?", "Another joke.", "Say something funny.", "A joke, please.",
    "Tell me another joke.", "I want to hear a joke.", "Do you know any (good|) jokes?", "Tell me something funny.", "Be funny.", "Give me a joke.", "Joke, please.",
    "One more joke.", "Another one, a joke.", "Tell me a (good|funny|short|new) joke.", "I need a laugh.", "(Can|Could) you make me laugh?", "Are you funny?", "Got any jokes?", "Know any jokes?",
    "Let's hear a joke.", "Do you have a joke for me?", "How about a joke?", "Cheer me up with a joke.",
], [
    "I'd like to hear a joke.", "Would you tell me a joke?", "Do you know something funny?", "Please tell me another joke.", "Could you say something funny?",
])

FACT = ([
    "Tell me a fact.", "Tell me something interesting.", "Tell me a story.", "Do you know a fact?", "(Can|Could) you tell me a story?", "Tell me something.", "Teach me something.",
    "Give me a fact.", "A fun fact, please.", "Tell me a fun fact.", "Another fact.", "Surprise me.", "Tell me something new.", "Do you know a story?", "Fun fact.", "One more fact.",
    "I want to (learn|hear) something (new|interesting).", "Say something interesting.", "Tell me another fact.", "I want to hear a story.", "Do you know anything interesting?", "Tell me a short story.",
    "(Can|Could) you teach me something?", "Say something smart.", "Tell me something I don't know.", "Do you know any stories?", "Talk to me.", "How about a fact?", "Do you know interesting facts?", "I like facts.",
], [
    "Could you tell me something interesting?", "I'd like to hear a fun fact.", "Do you know any fun facts?", "Would you tell me a story?", "Please teach me something new.",
])

COMPLIMENT = ([
    "You are great.", "You're very smart.", "Good job.", "Well done.", "I like you.", "You are funny.", "You're awesome.", "I love you.", "You are the best.", "That was great.", "Nice work.",
    "You are very helpful.", "Good work.", "You're so nice.", "You are amazing.", "Excellent work.", "I like your voice.", "You're wonderful.", "You did well.", "Very good.", "Great.", "Perfect.", "Wow.",
    "You are so clever.", "You have a nice voice.", "You are cool.", "That's funny.", "That is amazing.", "Excellent.", "Wonderful.", "That's great.", "Awesome.", "I enjoy talking with you.", "I like speaking with you.", "It is nice to talk to you.", "Talking to you is fun.", "I like your jokes.",
    "You are a good assistant.", "I like you very much.", "I like this.", "You are really (good|helpful|nice|clever).", "You make me laugh.",
], [
    "You are really smart.", "I like talking to you.", "You're doing a great job.", "You are so funny.", "Very good work.",
])

FEEL_TIRED = ([
    "I'm tired.", "I am so tired.", "I feel tired.", "I'm exhausted.", "I am sleepy.", "I didn't sleep well.", "I'm very tired today.", "I need a rest.", "I feel sleepy.", "I'm so sleepy.",
    "I had a long day.", "It was a long day.", "I am tired of work.", "I worked all day.", "I need a break.", "I'm a bit tired.", "I think I need some sleep.", "I could sleep all day.", "I feel exhausted.", "I slept badly.", "I can't keep my eyes open.", "I'm tired today.",
], ["I feel so tired today.", "I am very sleepy.", "I'm really exhausted.", "I think I need a rest."])

FEEL_HAPPY = ([
    "I'm happy.", "I am so happy.", "I feel good.", "I feel great.", "I'm fine.", "I'm good.", "I am very well.", "I had a good day.", "I'm doing great.", "I'm excited.", "I feel wonderful.", "I am happy today.",
    "Today was a good day.", "It was a great day.", "I'm fine, thank you.", "I'm very well, thanks.", "I am doing fine.", "I feel fantastic.", "I'm in a good mood.", "I feel happy.", "Everything is fine.", "I got a new job.", "I'm feeling fine.", "I'm feeling better today.",
], ["I feel very good today.", "I am really happy.", "I'm feeling great.", "I had a wonderful day."])

FEEL_SAD = ([
    "I'm sad.", "I am so sad.", "I feel bad.", "I feel sad.", "I had a bad day.", "I'm lonely.", "I am not happy.", "I'm not well.", "I feel lonely.", "I'm angry.", "I am worried.", "I'm sick.", "I feel sick.",
    "I don't feel well.", "I'm unhappy.", "I feel terrible.", "It was a bad day.", "I'm very sad today.", "I am afraid.", "I miss my family.", "I feel alone.", "I'm upset.", "I have a headache.", "I'm feeling sick.", "I'm feeling down.", "I'm feeling sad.",
], ["I feel very lonely.", "I am really sad today.", "I'm not feeling well.", "I feel so bad."])

FEEL_BORED = ([
    "I'm bored.", "I am so bored.", "This is boring.", "I have nothing to do.", "I feel bored.", "What should I do now?", "I don't know what to do.", "I'm very bored.", "It is boring here.", "Entertain me.",
    "You are boring.", "Let's do something.", "There is nothing to do.", "I need something to do.", "Let's play a game.", "I am bored today.", "Everything is boring.", "Can we play a game?",
], ["I'm really bored today.", "I feel so bored.", "It is so boring today.", "I've got nothing to do."])

REPEAT = ([
    "Repeat that.", "Say that again.", "What did you say?", "Again, please.", "Can you repeat that?", "Could you say that again?", "Pardon?", "Sorry?", "I didn't hear you.", "Please repeat.", "Once more.", "What?",
    "Repeat, please.", "Come again?", "I didn't understand you.", "Please say that again.", "Say it again.", "Repeat it.", "I didn't catch that.", "Excuse me?", "Again.", "One more time.", "What was that?", "Say it one more time.",
    "Sorry, what?", "Can you say it again?", "I couldn't hear you.", "Sorry, I didn't understand.", "What was that again?", "Please repeat what you said.", "Could you say that one more time?",
], ["Would you repeat that?", "Could you repeat it, please?", "Sorry, I didn't hear that.", "Please say it once more."])

NAME_GIVE = ([
    "My name is {name}.", "I am {name}.", "I'm {name}.", "Call me {name}.", "You can call me {name}.", "This is {name}.", "Hello, my name is {name}.", "Hi, I'm {name}.", "Hello, I am {name}.", "Please call me {name}.",
    "My friends call me {name}.", "My name's {name}.", "The name is {name}.", "Remember my name, it is {name}.", "I am called {name}.", "Hi, this is {name}.", "People call me {name}.", "It's {name}.", "{name} is my name.",
    "My first name is {name}.", "Hi, my name is {name}.", "Everyone calls me {name}.", "Remember that my name is {name}.", "It's me, {name}.", "Hello Parley, I'm {name}.", "{name} here.", "I'm called {name}.",
    "You are talking to {name}.", "Actually, my name is {name}.", "No, my name is {name}.", "By the way, I'm {name}.", "You should call me {name}.", "Just call me {name}.", "Good morning, I am {name}.", "Well, I'm {name}.",
], [
    "Hello there, my name is {name}.", "You may call me {name}.", "Please remember that my name is {name}.", "By the way, my name is {name}.", "Good evening, I'm {name}.", "I'd like you to call me {name}.",
])

NAME_ASK = ([
    "What's my name?", "What is my name?", "Do you know my name?", "Who am I?", "Do you remember my name?", "Tell me my name.", "Do you know who I am?", "Say my name.", "Can you say my name?", "What am I called?",
    "And what's my name?", "Did I tell you my name?", "Have I told you my name?", "Do you still know my name?", "What was my name?", "Can you tell me my name?", "Remember my name?", "How am I called?", "What did I say my name was?",
    "Can you remember my name?", "And who am I?", "What do you call me?", "And my name?", "My name, please.", "Do you remember who I am?", "Do you recall my name?",
], ["Could you tell me my name?", "Do you still remember my name?", "Can you tell me who I am?", "What is my name again?", "So what's my name?"])

LAST_QUESTION = ([
    "What did I just ask?", "What did I ask you?", "What did I just say?", "What was my question?", "What was my last question?", "What did I say?", "Do you remember what I asked?", "What did I ask before?", "Repeat my question.",
    "Repeat what I said.", "Tell me what I asked.", "What was I asking?", "Do you know what I just said?", "Do you remember what I said?", "What did I ask a moment ago?", "What did you hear?", "What have I asked?", "What did I say before?",
    "What did I just ask you?", "What was the last thing I said?", "Say what I said.",
], ["Can you tell me what I just asked?", "What have I just said?", "Do you remember my last question?", "What was it that I asked?", "Could you repeat my question?"])

ACKNOWLEDGE = ([
    "Yes.", "No.", "Okay.", "Sure.", "All right.", "Yeah.", "Right.", "I see.", "Yes, please.", "No, thank you.", "Of course.", "Maybe.", "Fine.", "Good.", "Okay, good.", "Yes, okay.", "No, thanks.", "I understand.", "Hmm.", "Oh.", "Oh, okay.",
    "Really?", "Interesting.", "Is that so?", "Okay, I see.", "That's right.", "Correct.", "Exactly.", "Nope.", "Yep.", "Not really.", "I think so.", "I don't know.", "Very well.", "Got it.", "I've got an idea.", "I'd like that.",
], ["Oh, I see.", "Yes, of course.", "Okay, sure.", "All right then."])
