import { Doc } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import { named, type Operators } from './operator.ts';
import { type Scope, type Slot, withVariable } from './scope.ts';

/** Checks the name of a user's variable: it must not begin with a capital, which are MongoDB's own. */
export function checkVariableName(name: string): void {
  if (!/^[a-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/.test(name) && name !== 'CURRENT') {
    throw new MongoFault(9, `'${name}' starts with an invalid character for a user variable name`);
  }
  if (name === 'CURRENT') throw new MongoFault(115, "koe's embedded server does not support binding CURRENT");
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/literal/ and let/ */
export const variableOperators: Operators = {
  $literal: (operand) => () => operand,
  $let: named(['vars', 'in'], [], (args, scope, compile) => {
    if (!(args.vars instanceof Doc)) throw new MongoFault(10065, 'invalid parameter: expected an object (vars)');
    let inner: Scope = scope;
    const bindings: { slot: Slot; value: ReturnType<typeof compile> }[] = [];
    for (const name in args.vars) {
      checkVariableName(name);
      const slot: Slot = { value: undefined };
      bindings.push({ slot, value: compile(args.vars[name], scope) });
      inner = withVariable(inner, name, slot);
    }
    const body = compile(args.in, inner);
    return (doc) => {
      for (const { slot, value } of bindings) slot.value = value(doc);
      return body(doc);
    };
  }),
};
