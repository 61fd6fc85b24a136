package blackhole.orchestrator.call;

import blackhole.api.rpc.Channels;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.rpc.MethodSummary;
import java.io.Reader;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@link ReflectiveCaller} as a service, on the channels that all of this process uses. */
@Component
public final class MethodCallerComponent implements MethodCaller {
  private final ReflectiveCaller caller;

  @Activate
  public MethodCallerComponent(@Reference Channels channels) {
    caller = new ReflectiveCaller(channels);
  }

  @Override
  public List<MethodSummary> methods(String service)
      throws MethodCallException, InterruptedException {
    return caller.methods(service);
  }

  @Override
  public void call(MethodCall call, Reader requests, Predicate<String> answers)
      throws MethodCallException, InterruptedException {
    caller.call(call, requests, answers);
  }
}
