// Mutation tests: `npm run mutation`, or of one room `npm run mutation -- --mutate 'lib/filter/**/*.ts'`. Specs that need no mongod take part.
export default {
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  mochaOptions: {
    'no-config': true,
    spec: [
      'dist/spec/lib/{filter,mail,thresholds}/**/*.spec.js',
      'dist/spec/lib/pipeline.spec.js',
      'dist/spec/stages/*.spec.js',
    ],
  },
  buildCommand: 'tsc -p . --noEmitOnError false',
  mutate: ['stages/*.ts', 'lib/{filter,thresholds,mail}/**/*.ts'],
  coverageAnalysis: 'perTest',
  disableTypeChecks: '{lib,stages,spec,bench}/**/*.ts',
  ignorePatterns: ['var', 'docs'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'var/mutation.json' },
  clearTextReporter: { logTests: false, allowColor: false },
  tempDirName: 'var/mutation',
  thresholds: { high: 90, low: 85, break: 85 },
  concurrency: 2,
  timeoutMS: 5_000,
};
