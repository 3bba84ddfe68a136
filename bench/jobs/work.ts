/** What is measured; answers what it counted. */
export type Work = () => Promise<number>;
