import { createContext, useContext } from 'solid-js';
import type { JSX } from 'solid-js';

import type { Api } from './api.ts';

const ApiContext = createContext<Api>();

export function ApiProvider(props: { value: Api; children: JSX.Element }): JSX.Element {
  return <ApiContext.Provider value={props.value}>{props.children}</ApiContext.Provider>;
}

export function useApi(): Api {
  const value = useContext(ApiContext);
  if (value === undefined) throw new Error('useApi outside of ApiProvider');
  return value;
}
