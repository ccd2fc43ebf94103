import { test } from 'vitest';

import { InvalidJsonError, parseJson } from './parse-json.ts';

for (const text of [
  '{}',
  '[]',
  'null',
  '"a"',
  ' {"a" : [1, {"b": "\\"}{,"}], "c": "\\\\"} ',
  '{"a":{"x":1},"b":{"x":1}}',
  String.raw`{"smile":"\ud83d\ude00","A":"\u0041"}`,
  '{"constructor":1,"a":["a","a"]}',
  `${'['.repeat(64)}${']'.repeat(64)}`,
]) {
  test(`${text.slice(0, 40)} is read as the language reads it`, ({ expect }) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
}

for (const text of [
  '',
  '{',
  '{"a":1,}',
  '"half',
  '"half\\',
  '{"a":1,"a":2}',
  String.raw`{"a":1,"\u0061":2}`,
  '{"x":{"a":1,"b":2,"a":3}}',
  '{"__proto__":1}',
  String.raw`{"\u005f_proto__":1}`,
  String.raw`["\ud800"]`,
  String.raw`{"\udc00":1}`,
  '{"a":"\u0001"}',
  '\uFEFF{}',
  '{"a":NaN}',
  `${'['.repeat(65)}${']'.repeat(65)}`,
  ']'.repeat(100),
]) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused`, ({ expect }) => {
    expect(() => parseJson(text)).toThrow(InvalidJsonError);
  });
}
