import { AppError } from '@ephemera/api';
import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** `session.tools[0].name`, as the provider writes the field at fault. */
function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

function locate(issue: Issue): { param: string; message: string } {
  if (issue.code === 'unrecognized_keys') {
    const param = formatPath([...issue.path, issue.keys[0] ?? '']);
    return { param, message: `Unknown parameter: '${param.slice(0, 128)}'.` };
  }
  const param = formatPath(issue.path);
  return {
    param,
    message: param === '' ? issue.message : `Invalid value for '${param.slice(0, 128)}': ${issue.message}.`,
  };
}

/** The first thing that is wrong with an input, as the one error that every transport knows. */
export function toInvalidRequest(error: z.core.$ZodError): AppError {
  const [issue] = error.issues;
  const { param, message } =
    issue === undefined ? { param: '', message: 'The request is not valid.' } : locate(issue);
  return new AppError('invalid_request', message, { cause: error, details: param === '' ? {} : { param } });
}
