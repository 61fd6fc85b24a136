package blackhole.host.sample;

import java.util.Map;

/** A service that needs a store. */
public final class NeedyService extends SampleService {
  public NeedyService(Store store, Map<String, Object> properties) {
    super(properties);
  }
}
