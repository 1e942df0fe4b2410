/**
 * Thrown out of calls of a user whose iteration was given up: the run is over, or the journey outlived its timeout.
 * It unwinds the journey and is counted as an aborted iteration, never as a fault of the plan.
 */
export class UserStopped extends Error {
  constructor() {
    super('this virtual user was stopped')
    this.name = 'UserStopped'
  }
}
