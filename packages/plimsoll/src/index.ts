/** The published entry: the plan language. */
export { PlimsollError } from './base/errors.ts'
export type { SetupContext } from './plan/compiled.ts'
export type {
  DeliveryOptions,
  Field,
  MembershipEvent,
  PublishEvent,
  ReceiveEvent,
} from './plan/deliveries.ts'
export type { Duration } from './plan/duration.ts'
export { type EnvOptions, env } from './plan/env.ts'
export { type FeederOptions, feeder } from './plan/feeder.ts'
export { file } from './plan/file.ts'
export { type Journey, type JourneyOptions, journey } from './plan/journey.ts'
export { type ArrivalsLoad, type ArrivalsWithoutDuration, arrivals } from './plan/load/arrivals.ts'
export type { LoadShape } from './plan/load/shape.ts'
export {
  type IterationsLoad,
  type IterationsOptions,
  type UsersLoad,
  type UsersWithoutDuration,
  users,
} from './plan/load/users.ts'
export type {
  CounterFigure,
  FigureOptions,
  GaugeFigure,
  HistogramFigure,
  HttpOptions,
  LabelFilter,
  OutageOptions,
  PlanOptions,
  ProbeOptions,
  ProfileOptions,
  PrometheusOptions,
  ShareFigure,
  Size,
  StopOptions,
  SystemOptions,
} from './plan/options.ts'
export { type PlanDefinition, plan } from './plan/plan.ts'
export type {
  AnswerOptions,
  Codec,
  CutOptions,
  Delivery,
  EventStreamOptions,
  ReadRate,
  ReconnectOptions,
  SocketFailure,
  SocketIoOptions,
  StreamEvent,
  UserEventStream,
  UserSocketIo,
  UserWebSocket,
  WebSocketOptions,
} from './plan/sockets.ts'
export { constant, exponential, normal, uniform } from './plan/think.ts'
export type {
  BytesLimit,
  CountLimit,
  DeliveryLimits,
  DurationLimits,
  EndpointLimits,
  Limit,
  MessageLimits,
  PortionLimit,
  ProbeLimits,
  RateLimit,
  ReconnectLimits,
  ShareLimit,
  Thresholds,
  TimeLimit,
} from './plan/threshold/types.ts'
export type {
  Checks,
  Feeder,
  FileBody,
  FormValue,
  Http,
  HttpFailure,
  HttpResponse,
  Method,
  Query,
  Random,
  RequestOptions,
  ResponseHeaders,
  ThinkDistribution,
  ThinkTime,
  Timings,
  User,
} from './plan/user.ts'
