package blackhole.shell.command;

import blackhole.api.registry.Idempotency;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.rpc.MethodSummary;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Answers with what it is given, a line at a time. */
public final class TestCaller implements MethodCaller {
  public final List<MethodCall> calls = new CopyOnWriteArrayList<>();

  @Override
  public List<MethodSummary> methods(String service) {
    return List.of(
        new MethodSummary(
            "blackhole.identity.v1.Identity/Authenticate",
            "blackhole.identity.v1.AuthRequest",
            "blackhole.identity.v1.AuthResponse",
            false,
            false,
            Idempotency.UNKNOWN),
        new MethodSummary(
            "grpc.health.v1.Health/Watch",
            "grpc.health.v1.HealthCheckRequest",
            "grpc.health.v1.HealthCheckResponse",
            false,
            true,
            Idempotency.NO_SIDE_EFFECTS));
  }

  @Override
  public void call(MethodCall call, Reader requests, Predicate<String> answers)
      throws MethodCallException {
    calls.add(call);
    if (call.method().equals("Fail")) {
      throw new MethodCallException(
          "UNAVAILABLE: storage is away", List.of("reason: CIRCUIT_OPEN (blackhole)"));
    }
    try {
      StringBuilder line = new StringBuilder();
      int c;
      while ((c = requests.read()) >= 0) {
        if (c != '\n') {
          line.append((char) c);
        } else if (!answers.test(line.toString())) {
          return;
        } else {
          line.setLength(0);
        }
      }
      boolean unused = answers.test(line.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
