package blackhole.host.sample;

import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** A service that answers with its configuration, or does not start. */
public class SampleService extends HealthGrpc.HealthImplBase {
  private final Map<String, Object> properties;

  public SampleService(Map<String, Object> properties) {
    this.properties = properties;
    Object fail = properties.get("fail");
    if (fail != null) {
      throw new IllegalStateException(fail.toString());
    }
  }

  @Override
  public void check(HealthRequest request, StreamObserver<HealthResponse> out) {
    out.onNext(
        HealthResponse.newBuilder()
            .setMessage(String.valueOf(properties.get(request.getService())))
            .build());
    out.onCompleted();
  }

  public void deactivate() {
    System.setProperty("blackhole.host.sample.deactivated", "true");
  }
}
