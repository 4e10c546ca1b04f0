/** What is measured, by name: apart from index.ts, so that a command knows them without loading it all. */
export const partNames = [
  'harness',
  'pages',
  'asks',
  'log-ins',
  'journeys',
  'overload',
  'start',
  'look-ups',
] as const

export type PartName = (typeof partNames)[number]
