package blackhole.host.sample;

/** An author's; leaves a trace when it is initialised. */
public final class SampleCode {
  public static final String TRACE = "blackhole.host.sample.code";

  static {
    System.setProperty(TRACE, "initialised");
  }
}
