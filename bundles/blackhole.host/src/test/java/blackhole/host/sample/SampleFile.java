package blackhole.host.sample;

import com.google.protobuf.GeneratedFile;

/** As protobuf's compiler makes them; leaves a trace when it is initialised. */
public final class SampleFile extends GeneratedFile {
  public static final String TRACE = "blackhole.host.sample.file";

  static {
    System.setProperty(TRACE, "initialised");
  }
}
