export { buildModel } from '../report/model.ts'
