import { type PersonalDataDetector, valuesAfter } from './detector.ts';

const label = /免許証?/g;
const number = /(?:第 ?)?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?号)?(?!\d|枚|円)/y;

/** Numbers of Japanese driving licences: twelve digits after their name. */
export const drivingLicenceDetector: PersonalDataDetector = {
  kind: 'driving-licence',
  find: (text) => (text.includes('免許') ? valuesAfter(text, label, number) : []),
};
