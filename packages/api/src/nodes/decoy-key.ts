/**
 * What an unknown node is measured against, so that its answer takes as long as that of a known one. Its private half was
 * never kept; whatever it says, an unknown node is refused.
 */
export const DECOY_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvEQLF3wL0bGK7kn6teLC
4TUH+f1sdQqJ9NfQ4FV2idmklcrTpDUUoPcCi1eGVSMBU2VOQBY8WtqUdAdiJ2gH
e3UZulekTjm3doq2E+X85nEKEFCE2aj4pkFWQhSsKpENlwiKKLZ3ADxcS8wWsa7x
17QfmgElZVdMd5QMjaBbdmRukBYdJVWPAkizHuVbqhMiYun1oH3lgqOMxJqSvkSj
a8b8qq1Gd//Oe3SgAkQm8mjtVwCVDAC9nWkXEMv5vCIrzWWhcNu2lI03cyMSWMQO
KgNwPADF2feV7xepHzzWFqOmIabPThC5cdCk1iFSl6/o9RqJtcko3/IcZXQuYJzr
vQIDAQAB
-----END PUBLIC KEY-----
`;
