export const doctorCommand = async (_?: unknown) => 0
