export const frWelcome = {
  title: 'Préparer le premier appel',
  lead: 'Quatre courtes étapes. Passez celles que vous voulez, et revenez quand vous voulez.',
  steps: 'Étapes',
  back: 'Retour',
  next: 'Étape suivante',
  overview: 'Vers la vue d’ensemble',

  'step.key': 'Clé du fournisseur',
  'key.text':
    'Les jetons sont émis avec la clé de votre fournisseur. Testez-la par un appel en l’ajoutant ; elle est chiffrée, et n’est plus jamais affichée.',
  'key.there': 'Dans la réserve : {{ names }}.',
  'key.add': 'Ajouter une clé…',
  'key.noKeyring':
    'Aucune clé ne peut encore être enregistrée ici : définissez KEYRING et redémarrez le serveur. Une clé dans OPENAI_API_KEY s’en passe.',
  'key.simulator':
    'Pas de clé ? Sans OPENAI_API_KEY, le serveur parle à un simulateur sur cette machine, qui ne coûte rien.',

  'step.origins': 'Origines',
  'origins.text':
    'Les pages de ce serveur peuvent demander des jetons. Nommez celles de votre application, et démarrez le serveur avec cette ligne.',
  'origins.field': 'Adresse de votre application',
  'origins.hint':
    'Protocole et hôte seulement, par exemple https://app.example.com. Plusieurs sont séparées par des virgules.',
  'origins.wrong': 'Une adresse https sans chemin, ou http sur localhost.',
  'origins.copy': 'Copier la ligne',
  'origins.keys': 'Une clé d’accès peut être liée à ses propres origines.',

  'step.limits': 'Limites',
  'limits.text':
    'Ce que chaque utilisateur peut dépenser par jour, et la durée maximale d’un appel. Les deux se changent sous Budgets et limites.',
  'limits.amount': 'Budget par utilisateur, dollars US',
  'limits.amountHint': 'Une fois épuisé, les nouveaux appels sont refusés.',
  'limits.amountWrong': 'Un montant supérieur à zéro, par exemple 10 ou 0,50.',
  'limits.minutes': 'Durée maximale d’un appel, minutes',
  'limits.minutesHint': 'D’une demi-minute à une heure.',
  'limits.minutesWrong': 'Un nombre de 0,5 à 60.',
  'limits.save': 'Enregistrer et continuer',
  'limits.saving': 'Enregistrement…',

  'step.talk': 'Dire bonjour',
  'talk.text': 'L’essai vocal passe un véritable appel avec un jeton d’ici, et en montre chaque étape.',
  'talk.open': 'Ouvrir l’essai vocal',
} as const;
