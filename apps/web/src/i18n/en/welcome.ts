/** Words of the way from an owner's account to the first call; they load with it. */
export const enWelcome = {
  title: 'Get ready for the first call',
  lead: 'Four short steps. Skip what you like, and come back at any time.',
  steps: 'Steps',
  back: 'Back',
  next: 'Next step',
  overview: 'To the overview',

  'step.key': 'Provider key',
  'key.text':
    'Tokens are minted with your provider’s key. Test it with one call as you add it; it is encrypted, and never shown again.',
  'key.there': 'In the pool: {{ names }}.',
  'key.add': 'Add a key…',
  'key.noKeyring':
    'Keys cannot be stored here yet: set KEYRING and start the server again. A key in OPENAI_API_KEY works without it.',
  'key.simulator':
    'No key at hand? Without OPENAI_API_KEY the server speaks to a simulator on this machine, which costs nothing.',

  'step.origins': 'Origins',
  'origins.text':
    'Browsers on this server’s own pages may ask for tokens. Name the pages of your app, and start the server with this line.',
  'origins.field': 'Address of your app',
  'origins.hint': 'Scheme and host alone, such as https://app.example.com. Several are separated by commas.',
  'origins.wrong': 'An https address without a path, or http on localhost.',
  'origins.copy': 'Copy the line',
  'origins.keys': 'Access keys can be bound to origins of their own.',

  'step.limits': 'Limits',
  'limits.text':
    'What each user may spend a day, and how long one call may last. Both can be changed under Budgets & limits.',
  'limits.amount': 'Budget of each user, US dollars',
  'limits.amountHint': 'New calls are refused once it is used up.',
  'limits.amountWrong': 'An amount above zero, such as 10 or 0.50.',
  'limits.minutes': 'Longest call, minutes',
  'limits.minutesHint': 'From half a minute to an hour.',
  'limits.minutesWrong': 'A number from 0.5 to 60.',
  'limits.save': 'Save and go on',
  'limits.saving': 'Saving…',

  'step.talk': 'Say hello',
  'talk.text': 'The playground makes a real call with a token from here, and shows every step of it.',
  'talk.open': 'Open the playground',
} as const;
