/** Lengths that a regular run's upper bound can be floored to, in seconds. Not the periods of groups: other names, other purpose. */
export const INTERVALS: Readonly<Record<string, number>> = {
  '5_minutes': 300,
  '10_minutes': 600,
  '15_minutes': 900,
  '20_minutes': 1_200,
  '30_minutes': 1_800,
  hourly: 3_600,
  '2_hourly': 7_200,
  '3_hourly': 10_800,
  '4_hourly': 14_400,
  '6_hourly': 21_600,
  '12_hourly': 43_200,
  daily: 86_400,
  weekly: 604_800,
  '2_weekly': 1_209_600,
  '4_weekly': 2_419_200,
};
