/**
 * Destinations that do not use the library's requests but connect themselves, by their slug: how. Neither the guard of
 * targets nor the time-outs hold for them.
 */
export const ownConnections: Readonly<Record<string, string>> = {
  'actions-acoustic': 'the client of AWS',
  'actions-amazon-eventbridge': 'the client of AWS',
  'actions-aws-kinesis': 'the client of AWS',
  'actions-kafka': 'a client of Kafka',
  'actions-liveramp-audiences': 'SSH and the client of AWS',
  'actions-s3': 'the client of AWS',
  'actions-s3-csv': 'the client of AWS',
  'actions-sftp': 'SSH',
  'actions-the-trade-desk-crm': 'the client of AWS',
};
