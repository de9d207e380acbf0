/** The collection of agents' and bots' turns: what the server refuses, and the index behind its query. */
export const turnCollection = {
  name: 'turns',
  validator: {
    $jsonSchema: {
      bsonType: 'object',
      required: ['_id', 'tenant', 'id', 'revision', 'conversation', 'author', 'occurredAt', 'receivedAt'],
      properties: {
        _id: { bsonType: 'string' },
        tenant: { bsonType: 'string' },
        conversation: { bsonType: 'string' },
        author: { enum: ['agent', 'bot'] },
        occurredAt: { bsonType: 'date' },
        receivedAt: { bsonType: 'date' },
      },
    },
  },
  indexes: [{ name: 'by_conversation', key: { tenant: 1, conversation: 1 } }],
} as const;
