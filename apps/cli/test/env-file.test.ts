import { expect, test } from 'vitest';

import { type Format, formatLine, replaceValue } from '../src/env-file/replace-value.ts';

const NAME = 'GEMINI_API_KEY';

function replace(text: string, value = 'AIzaNew', format: Format = 'dotenv'): string {
  return replaceValue(text, format, { name: NAME, value });
}

test.each([
  ['an empty file', '', 'GEMINI_API_KEY=AIzaNew\n'],
  ['a file without it', 'A=1\n', 'A=1\nGEMINI_API_KEY=AIzaNew\n'],
  ['a file without a last line break', 'A=1', 'A=1\nGEMINI_API_KEY=AIzaNew\n'],
  ['a file with CRLF', 'A=1\r\n', 'A=1\r\nGEMINI_API_KEY=AIzaNew\r\n'],
  ['its line in the middle', 'A=1\nGEMINI_API_KEY=old\nB=2\n', 'A=1\nGEMINI_API_KEY=AIzaNew\nB=2\n'],
  ['its line with CRLF', 'A=1\r\nGEMINI_API_KEY=old\r\nB=2\r\n', 'A=1\r\nGEMINI_API_KEY=AIzaNew\r\nB=2\r\n'],
  ['its line as the last, open one', 'GEMINI_API_KEY=old', 'GEMINI_API_KEY=AIzaNew'],
  ['an empty value', 'GEMINI_API_KEY=\nB=2\n', 'GEMINI_API_KEY=AIzaNew\nB=2\n'],
  ['an empty value before a comment', 'GEMINI_API_KEY= # none yet\n', 'GEMINI_API_KEY= AIzaNew# none yet\n'],
  ['double quotes', 'GEMINI_API_KEY="old"\n', 'GEMINI_API_KEY="AIzaNew"\n'],
  ['single quotes', "GEMINI_API_KEY='old'\n", "GEMINI_API_KEY='AIzaNew'\n"],
  ['a comment behind it', 'GEMINI_API_KEY=old # from the pool\n', 'GEMINI_API_KEY=AIzaNew # from the pool\n'],
  ['a comment behind quotes', 'GEMINI_API_KEY="a # b"  # c\n', 'GEMINI_API_KEY="AIzaNew"  # c\n'],
  ['export and spaces', '  export GEMINI_API_KEY = old\n', '  export GEMINI_API_KEY = AIzaNew\n'],
  ['a value with spaces', 'GEMINI_API_KEY=a b c\nB=1\n', 'GEMINI_API_KEY=AIzaNew\nB=1\n'],
  ['a value over lines', 'GEMINI_API_KEY="a\nb"\nB=1\n', 'GEMINI_API_KEY="AIzaNew"\nB=1\n'],
  ['a quote that never closes', 'GEMINI_API_KEY="old\nB=1\n', 'GEMINI_API_KEY=AIzaNew\nB=1\n'],
  [
    'every line of it',
    'GEMINI_API_KEY=a\nGEMINI_API_KEY=b\n',
    'GEMINI_API_KEY=AIzaNew\nGEMINI_API_KEY=AIzaNew\n',
  ],
  ['a byte order mark', '\uFEFFGEMINI_API_KEY=old\n', '\uFEFFGEMINI_API_KEY=AIzaNew\n'],
  ['a # inside a value', 'GEMINI_API_KEY=a#b # c\n', 'GEMINI_API_KEY=AIzaNew # c\n'],
])('dotenv: %s', (_, before, after) => {
  expect(replace(before)).toBe(after);
});

test.each([
  ['a comment', '# GEMINI_API_KEY=old\n'],
  ['a longer name', 'MY_GEMINI_API_KEY=x\nGEMINI_API_KEY_2=y\n'],
  ["another's text over lines", 'CERT="-----\nGEMINI_API_KEY=not me\n-----"\n'],
  ["another's value", 'A=GEMINI_API_KEY=1\n'],
  ['odd bytes', '\tA = "ü\\" \u0000" \r\n\r\n\r\n#\n=x\n'],
])('dotenv: %s is left byte for byte', (_, text) => {
  expect(replace(text).startsWith(text)).toBe(true);
  expect(replace(text).slice(text.length)).toMatch(/^GEMINI_API_KEY=AIzaNew\r?\n$/);
});

test('a second run changes nothing', () => {
  for (const format of ['dotenv', 'shell', 'json'] as const) {
    const once = replace('', 'AIzaNew', format);
    expect(replace(once, 'AIzaNew', format)).toBe(once);
  }
});

test('a value that its quotes cannot hold gets others', () => {
  expect(replace('GEMINI_API_KEY=old\n', 'a#b')).toBe("GEMINI_API_KEY='a#b'\n");
  expect(replace('GEMINI_API_KEY="old"\n', 'a$b')).toBe("GEMINI_API_KEY='a$b'\n");
  expect(replace("GEMINI_API_KEY='old'\n", "a'b")).toBe('GEMINI_API_KEY="a\'b"\n');
  expect(() => replace('', `a'"\`$b`)).toThrow('--format json');
});

test('a value that is no line of print is refused', () => {
  for (const value of ['', 'a b', 'a\nB=evil', 'ключ']) {
    for (const format of ['dotenv', 'shell', 'json'] as const)
      expect(() => replace('', value, format)).toThrow('cannot carry');
  }
});

test('a value with $ patterns is written as it is', () => {
  expect(replace('GEMINI_API_KEY=old\n', '$&$1')).toBe("GEMINI_API_KEY='$&$1'\n");
});

test.each([
  ['an empty file', '', "export GEMINI_API_KEY='AIzaNew'\n"],
  [
    'its line',
    "#!/bin/sh\nexport GEMINI_API_KEY='old' # c\necho hi\n",
    "#!/bin/sh\nexport GEMINI_API_KEY='AIzaNew' # c\necho hi\n",
  ],
  ['a plain value', 'GEMINI_API_KEY=old; echo hi\n', "GEMINI_API_KEY='AIzaNew'; echo hi\n"],
  ['a put-together word', `GEMINI_API_KEY='a'\\''b'"c d"e f\n`, "GEMINI_API_KEY='AIzaNew' f\n"],
  [
    "another's text over lines",
    "A='\nGEMINI_API_KEY=no\n'\n",
    "A='\nGEMINI_API_KEY=no\n'\nexport GEMINI_API_KEY='AIzaNew'\n",
  ],
])('shell: %s', (_, before, after) => {
  expect(replace(before, 'AIzaNew', 'shell')).toBe(after);
});

test('shell: nothing in a value is run', () => {
  expect(formatLine('shell', { name: 'A', value: `$(x)'\`y\`` })).toBe(`export A='$(x)'\\''\`y\`'`);
});

test.each([
  [
    'its member',
    '{\n    "a": [1, {"GEMINI_API_KEY": "inner"}],\n    "GEMINI_API_KEY" : "old",\n    "b": null\n}\n',
    '{\n    "a": [1, {"GEMINI_API_KEY": "inner"}],\n    "GEMINI_API_KEY" : "AIzaNew",\n    "b": null\n}\n',
  ],
  [
    'a member of another kind',
    '{"GEMINI_API_KEY":[1,"}"],"b":"\\"{"}',
    '{"GEMINI_API_KEY":"AIzaNew","b":"\\"{"}',
  ],
  ['a file without it', '{\n\t"a": "x"\n}', '{\n\t"a": "x",\n\t"GEMINI_API_KEY": "AIzaNew"\n}'],
  ['a file on one line', '{"a":1}', '{"a":1, "GEMINI_API_KEY": "AIzaNew"}'],
  ['an empty object', '{}\r\n', '{"GEMINI_API_KEY": "AIzaNew"}\r\n'],
  ['an empty file', '', '{\n  "GEMINI_API_KEY": "AIzaNew"\n}\n'],
])('json: %s', (_, before, after) => {
  const changed = replace(before, 'AIzaNew', 'json');
  expect(changed).toBe(after);
  expect(JSON.parse(changed)).toMatchObject({ GEMINI_API_KEY: 'AIzaNew' });
});

test('json: a file that is none is not touched, and not quoted either', () => {
  for (const text of ['{"secret": sk-old}', '[]', 'null']) {
    expect(() => replace(text, 'AIzaNew', 'json')).toThrow('it was left as it is');
  }
});
