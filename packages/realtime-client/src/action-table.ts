type Tagged = { type: string };

/** One pure function per kind of action or event; kinds that are left out change nothing. */
export type ActionTable<State, Action extends Tagged> = {
  readonly [Type in Action['type']]?: (state: State, action: Extract<Action, { type: Type }>) => State;
};

export function applyAction<State, Action extends Tagged>(
  table: ActionTable<State, Action>,
  state: State,
  action: Action,
): State {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the entry under `action.type` takes exactly that kind
  const change = table[action.type as Action['type']] as
    | ((state: State, action: Action) => State)
    | undefined;
  return change ? change(state, action) : state;
}
