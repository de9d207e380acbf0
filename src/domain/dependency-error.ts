/**
 * A dependency (Kafka, MongoDB, the model files) failed. `transient`: it may come back, so try again. `permanent`:
 * it said no (authentication, a missing topic), so stop at once; the message is the sentence an operator needs.
 */
export class DependencyError extends Error {
  readonly dependency: string;
  readonly nature: 'transient' | 'permanent';

  constructor(dependency: string, nature: 'transient' | 'permanent', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DependencyError';
    this.dependency = dependency;
    this.nature = nature;
  }
}
