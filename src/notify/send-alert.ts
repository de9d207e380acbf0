import { createTransport } from 'nodemailer';
import type { AlertChange } from '../domain/alert.ts';
import type { AlertChannel, ChannelOf } from '../domain/alert-channel.ts';
import { alertText } from './alert-text.ts';
import { guardedPost, type PostLimits, type PostResult } from './guarded-post.ts';
import { webhookSignature } from './webhook-signature.ts';

/** What sending needs besides the channel. */
export interface SendingSettings extends PostLimits {
  /** `smtp://user:password@host:port`; e-mail is refused without it. */
  readonly smtpUrl?: string | undefined;
}

/** A message to a channel: changes of one incident under an id that stays the same in every try. */
export interface AlertMessage {
  readonly id: string;
  readonly changes: readonly AlertChange[];
}

/** Sends a message to a channel in the channel's form. Never throws on account of the receiver. */
export function sendAlert(
  channel: AlertChannel,
  message: AlertMessage,
  settings: SendingSettings,
): Promise<PostResult> {
  switch (channel.kind) {
    case 'webhook':
      return sendWebhook(channel, message, settings);
    case 'slack':
      return sendSlack(channel, message, settings);
    case 'email':
      return sendEmail(channel, message, settings);
  }
}

/** One change as it is, several as one grouped event. */
function sendWebhook({ url, secrets }: ChannelOf<'webhook'>, { id, changes }: AlertMessage, limits: PostLimits) {
  const [first] = changes;
  const grouped = { type: 'alert.grouped', timestamp: first?.timestamp, data: { changes } };
  const body = JSON.stringify(changes.length === 1 ? first : grouped);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'koe',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(secrets, id, timestamp, body),
  };
  return guardedPost(url, headers, body, limits);
}

/** Source: Slack, "Sending messages using incoming webhooks" and "Block Kit". */
function sendSlack({ url, language }: ChannelOf<'slack'>, { changes }: AlertMessage, limits: PostLimits) {
  const { subject, lines } = alertText(changes, language);
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: subject.slice(0, 150) } },
    section(lines.map(escapeSlack).join('\n').slice(0, 2900)),
  ];
  const body = JSON.stringify({ text: escapeSlack(subject), blocks });
  return guardedPost(url, { 'content-type': 'application/json', 'user-agent': 'koe' }, body, limits);
}

/** What customers wrote must not call people or become links. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function sendEmail(
  { to, from, language }: ChannelOf<'email'>,
  { id, changes }: AlertMessage,
  { smtpUrl, timeoutMs }: SendingSettings,
): Promise<PostResult> {
  if (smtpUrl === undefined) return { kind: 'failed', reason: 'KOE_SMTP_URL is not set' };
  const { subject, lines } = alertText(changes, language);
  const url = new URL(smtpUrl);
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port || (url.protocol === 'smtps:' ? 465 : 587)),
    secure: url.protocol === 'smtps:',
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to, subject, text: lines.join('\n'), messageId: `<${id}@koe>` });
    return { kind: 'delivered' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { kind: 'failed', reason: `SMTP: ${code}` };
  } finally {
    transport.close();
  }
}
