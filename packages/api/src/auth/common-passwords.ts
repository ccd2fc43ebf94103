const WORDS = `
  password1234 password12345 password123456 passwordpassword password2024 password2025 password2026
  passw0rd1234 passw0rd12345 p@ssw0rd1234 p@ssword1234 p@ssw0rd12345 mypassword12 mypassword123
  mypassword1234 newpassword1 newpassword123 password1password 123456789012 1234567890123 12345678901234
  123456789123 123456789abc 1234567890ab 1234567890qwerty 012345678901 0123456789012 123412341234
  123123123123 121212121212 123456123456 1234567891011 123456789101112 987654321098 098765432109 qwertyuiop12
  qwertyuiop123 qwertyuiop1234 qwertyuiop[] qwertyqwerty qwerty123456 qwerty1234567 qwerty12345678
  qwerty123456789 qwerty1234567890 qwertyuiopasdf qwertyuiopasdfghjkl asdfghjkl123 asdfghjkl1234 zxcvbnm12345
  zxcvbnm123456 azertyuiop12 azertyuiop123 azerty123456 qwertzuiop12 qwertzuiop123 qwertz123456 1qaz2wsx3edc
  1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i q1w2e3r4t5y6 qazwsxedcrfv zaq12wsxcde3
  !qaz2wsx3edc abcdefghijkl abcdefghijklm abcd12345678 abc123456789 abc123abc123 abcd1234abcd abcdef123456
  a1b2c3d4e5f6 aaaabbbbcccc iloveyou1234 iloveyou12345 iloveyou123456 iloveyouiloveyou iloveyou1314
  loveyou12345 administrator administrator1 admin1234567 admin12345678 admin123456789 adminadmin12
  adminadmin123 adminadminadmin admin123admin rootrootroot root12345678 superadmin123 letmein12345
  letmein123456 letmeinletmein welcome12345 welcome123456 welcome2024! changeme1234 changeme12345
  changemechangeme changeme123! default12345 secret123456 secretsecret test12345678 testtesttest testing12345
  temp12345678 temporary123 football1234 baseball1234 basketball12 basketball123 superman1234 sunshine1234
  princess1234 dragon123456 monkey123456 shadow123456 michael12345 liverpool123 manchesterunited
  trustno1trustno1 computer1234 internet1234 samsung12345 google123456 correcthorsebatterystaple
  thisisapassword motdepasse12 motdepasse123 motdepasse1234 doudoudoudou passwort1234 passwort12345
`;
const PHRASES = ['correct horse battery staple', 'this is a password'];

/** What people choose first where twelve characters are asked for. Beyond these, the length protects. */
const COMMON: ReadonlySet<string> = new Set([...WORDS.trim().split(/\s+/), ...PHRASES]);

/** Expects lower case. Signs at the end, which a rule made somebody put there, make no other password. */
export function isCommonPassword(password: string): boolean {
  return COMMON.has(password) || COMMON.has(password.replace(/[!?.*#$@_-]+$/, ''));
}
