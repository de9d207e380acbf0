import type { PersonalDataDetector } from './detector.ts';
import {
  calledInFull,
  namedByKinship,
  namedByRole,
  quotedOnBadge,
  signedBelow,
  signedOff,
  withDetails,
} from './name-in-context.ts';
import { inFormField } from './name-in-form.ts';
import { createNameLookup } from './name-lookup.ts';
import { addressed, greeting, introduced, titled } from './name-spoken.ts';
import type { PersonNames } from './person-names.ts';

/**
 * Names of persons. Nothing is taken for a name for being in the dictionary alone: somebody introduces himself
 * (〜と申します), is addressed (〜様, 〜さん, 〜店長), fills in a form (氏名:〜), is named with a role or kinship
 * (担当の〜, 娘の〜), signs, or is called by surname and given name.
 */
export function createNameDetector(names: PersonNames): PersonalDataDetector {
  const lookup = createNameLookup(names);
  const finders = [
    introduced,
    addressed,
    greeting,
    titled,
    inFormField,
    namedByRole,
    namedByKinship,
    quotedOnBadge,
    signedBelow,
    signedOff,
    withDetails,
    calledInFull,
  ];
  return { kind: 'name', find: (text) => finders.flatMap((finder) => finder(text, lookup)) };
}
