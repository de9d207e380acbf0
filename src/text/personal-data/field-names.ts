import type { PersonalDataKind } from './placeholders.ts';

const kinds: Readonly<Record<string, PersonalDataKind>> = {
  customername: 'name',
  username: 'name',
  fullname: 'name',
  firstname: 'name',
  lastname: 'name',
  familyname: 'name',
  givenname: 'name',
  contactname: 'name',
  mail: 'mail',
  email: 'mail',
  mailaddress: 'mail',
  emailaddress: 'mail',
  tel: 'phone',
  phone: 'phone',
  phonenumber: 'phone',
  telephone: 'phone',
  mobile: 'phone',
  fax: 'phone',
  address: 'address',
  streetaddress: 'address',
  zip: 'postal-code',
  zipcode: 'postal-code',
  postalcode: 'postal-code',
  postcode: 'postal-code',
  birthday: 'birth-date',
  birthdate: 'birth-date',
  dateofbirth: 'birth-date',
  dob: 'birth-date',
  customerid: 'customer-number',
  customernumber: 'customer-number',
  memberid: 'customer-number',
  membernumber: 'customer-number',
  userid: 'customer-number',
  ip: 'ip-address',
  ipaddress: 'ip-address',
  token: 'secret',
  password: 'secret',
  lineid: 'social-account',
};

/** The kind of personal data that a field of this name holds (customerName, zip_code), or undefined. */
export function kindOfField(name: string): PersonalDataKind | undefined {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return Object.hasOwn(kinds, plain) ? kinds[plain] : undefined;
}
