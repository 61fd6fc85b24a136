package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCall.Header;
import blackhole.api.rpc.MethodCallException;
import io.grpc.Metadata;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Metadata from what was typed. */
final class Headers {
  private Headers() {}

  static Metadata of(List<Header> headers) throws MethodCallException {
    Metadata metadata = new Metadata();
    for (Header header : headers) {
      try {
        put(metadata, header);
      } catch (IllegalArgumentException e) {
        throw new MethodCallException("header '" + header.name() + "': " + e.getMessage());
      }
    }
    return metadata;
  }

  private static void put(Metadata metadata, Header header) {
    String name = header.name().strip().toLowerCase(Locale.ROOT);
    String value = header.value().strip();
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      metadata.put(
          Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
          Base64.getDecoder().decode(value));
    } else if (value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    } else {
      throw new IllegalArgumentException(
          "only printable ASCII may be in it; bytes go base64-coded in one whose name ends in -bin");
    }
  }
}
