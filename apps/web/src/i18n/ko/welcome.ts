export const koWelcome = {
  title: '첫 통화 준비하기',
  lead: '짧은 네 단계입니다. 원하는 단계는 건너뛰고 언제든 돌아올 수 있습니다.',
  steps: '단계',
  back: '이전',
  next: '다음 단계',
  overview: '개요로 이동',

  'step.key': '제공자 키',
  'key.text':
    '토큰은 제공자 키로 발급됩니다. 추가할 때 한 번의 호출로 시험할 수 있으며, 키는 암호화되고 다시 표시되지 않습니다.',
  'key.there': '등록된 키: {{ names }}.',
  'key.add': '키 추가…',
  'key.noKeyring':
    '아직 키를 저장할 수 없습니다. KEYRING을 설정하고 서버를 다시 시작하세요. OPENAI_API_KEY의 키는 그대로 쓸 수 있습니다.',
  'key.simulator':
    '키가 없나요? OPENAI_API_KEY가 없으면 서버는 이 컴퓨터의 시뮬레이터와 통신하며 비용이 들지 않습니다.',

  'step.origins': '출처',
  'origins.text':
    '이 서버의 페이지는 토큰을 요청할 수 있습니다. 앱의 주소를 적고 서버를 다음 줄과 함께 시작하세요.',
  'origins.field': '앱의 주소',
  'origins.hint': 'https://app.example.com처럼 프로토콜과 호스트만 적습니다. 여러 개는 쉼표로 구분합니다.',
  'origins.wrong': '경로가 없는 https 주소 또는 localhost의 http 주소여야 합니다.',
  'origins.copy': '이 줄 복사',
  'origins.keys': '액세스 키마다 따로 출처를 정할 수 있습니다.',

  'step.limits': '한도',
  'limits.text':
    '사용자가 하루에 쓸 수 있는 금액과 통화의 최대 길이입니다. 둘 다 예산과 한도에서 바꿀 수 있습니다.',
  'limits.amount': '사용자별 예산(미국 달러)',
  'limits.amountHint': '다 쓰면 새 통화가 거부됩니다.',
  'limits.amountWrong': '10이나 0.50처럼 0보다 큰 금액이어야 합니다.',
  'limits.minutes': '최대 통화 길이(분)',
  'limits.minutesHint': '30초부터 1시간까지입니다.',
  'limits.minutesWrong': '0.5에서 60 사이의 수여야 합니다.',
  'limits.save': '저장하고 계속',
  'limits.saving': '저장 중…',

  'step.talk': '인사하기',
  'talk.text': '음성 체험은 여기서 발급한 토큰으로 실제 통화를 하고 모든 단계를 보여 줍니다.',
  'talk.open': '음성 체험 열기',
} as const;
