package blackhole.identity.did;

import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code did:key}: a DID that is itself a public key. Its only form here is the canonical one,
 * without a version.
 */
public final class DidKey {
  private static final String PREFIX = "did:key:";

  /** The longest key known (96 bytes) takes 134 characters; base58 is not for long texts. */
  private static final int MAX_LENGTH = 160;

  private static final Pattern FORM = Pattern.compile("did:key:(?:([^:]*):)?(z[^:]+)");

  private final String multibase;
  private final KeyType type;
  private final byte[] publicKey;

  private DidKey(String multibase, KeyType type, byte[] publicKey) {
    this.multibase = multibase;
    this.type = type;
    this.publicKey = publicKey;
  }

  public static DidKey ofEd25519(byte[] publicKey) {
    return new DidKey(KeyType.ED25519.multibase(publicKey), KeyType.ED25519, publicKey.clone());
  }

  /**
   * @throws IdentityException {@link Reason#INVALID_DID} for what the specification does not allow
   */
  public static DidKey parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid("it is longer than " + MAX_LENGTH + " characters");
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw invalid("it does not have the form did:key:z…");
    }
    String version = form.group(1);
    if (version != null && !version.equals("1")) {
      throw invalid("its version is not 1, the only one there is");
    }
    String multibase = form.group(2);
    byte[] prefixed = decode(multibase);
    KeyType type =
        KeyType.of(prefixed).orElseThrow(() -> invalid("its multicodec is not a known key type"));
    byte[] publicKey = type.publicKey(prefixed);
    if (!type.accepts(publicKey)) {
      throw invalid("it does not hold a valid public key of type " + type);
    }
    return new DidKey(multibase, type, publicKey);
  }

  private static byte[] decode(String multibase) {
    try {
      return Base58.decode(multibase.substring(1));
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static IdentityException invalid(String why) {
    return new IdentityException(Reason.INVALID_DID, "not a valid did:key: " + why);
  }

  /** The DID itself. */
  public String id() {
    return PREFIX + multibase;
  }

  /** The key in multibase; also the fragment that names it in the document. */
  String multibase() {
    return multibase;
  }

  public boolean isEd25519() {
    return type == KeyType.ED25519;
  }

  byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public String toString() {
    return id();
  }
}
