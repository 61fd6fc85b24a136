package blackhole.host.sample;

/** A store that opens, or not: {@code fail} in its configuration is the message it fails with. */
public final class SampleStore implements Store {
  public SampleStore(java.util.Map<String, Object> properties) {
    Object fail = properties.get("fail");
    if (fail != null) {
      throw new IllegalStateException(fail.toString());
    }
  }
}
