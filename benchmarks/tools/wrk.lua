-- wrk itself prints neither p95 nor p99.9.
done = function(_, latency)
  io.write("percentiles")
  for _, p in ipairs({ 50, 90, 95, 99, 99.9 }) do
    io.write(string.format(" %.3f", latency:percentile(p) / 1000))
  end
  io.write("\n")
end
