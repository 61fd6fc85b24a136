package blackhole.identity.did;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.util.List;

/**
 * What a {@code did:key} of an Ed25519 key expands to, as the specification's examples have it: the
 * key itself for signatures, and the X25519 key derived from it for key agreement.
 *
 * @param json the document
 * @param verificationMethods its methods, the signing key first
 */
public record DidDocument(String id, String json, List<VerificationMethod> verificationMethods) {

  public record VerificationMethod(
      String id, String type, String controller, String publicKeyMultibase) {}

  private static final List<String> CONTEXT =
      List.of(
          "https://www.w3.org/ns/did/v1",
          "https://w3id.org/security/suites/ed25519-2020/v1",
          "https://w3id.org/security/suites/x25519-2020/v1");
  private static final List<String> SIGNING_RELATIONSHIPS =
      List.of("authentication", "assertionMethod", "capabilityDelegation", "capabilityInvocation");

  /**
   * @throws IllegalArgumentException for a key of another type than Ed25519
   */
  public static DidDocument of(DidKey did) {
    if (!did.isEd25519()) {
      throw new IllegalArgumentException(did + " is not an Ed25519 key");
    }
    VerificationMethod signing = method(did, "Ed25519VerificationKey2020", did.multibase());
    String x25519 = KeyType.X25519.multibase(Curve25519.toMontgomery(did.publicKey()));
    VerificationMethod agreement = method(did, "X25519KeyAgreementKey2020", x25519);
    return new DidDocument(did.id(), json(did, signing, agreement), List.of(signing, agreement));
  }

  private static VerificationMethod method(DidKey did, String type, String multibase) {
    return new VerificationMethod(did.id() + "#" + multibase, type, did.id(), multibase);
  }

  private static String json(DidKey did, VerificationMethod signing, VerificationMethod agreement) {
    JsonObject document = new JsonObject();
    document.add("@context", array(CONTEXT));
    document.addProperty("id", did.id());
    document.add("verificationMethod", array(signing));
    for (String relationship : SIGNING_RELATIONSHIPS) {
      document.add(relationship, array(List.of(signing.id())));
    }
    document.add("keyAgreement", array(agreement));
    return document.toString();
  }

  private static JsonArray array(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static JsonArray array(VerificationMethod method) {
    JsonObject object = new JsonObject();
    object.addProperty("id", method.id());
    object.addProperty("type", method.type());
    object.addProperty("controller", method.controller());
    object.addProperty("publicKeyMultibase", method.publicKeyMultibase());
    JsonArray array = new JsonArray();
    array.add(object);
    return array;
  }

  /** The map between the two forms of the curve (RFC 7748, section 4.1). */
  private static final class Curve25519 {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** u = (1 + y) / (1 − y) */
    static byte[] toMontgomery(byte[] edwards) {
      byte[] bigEndian = reverse(edwards);
      bigEndian[0] &= 0x7f; // the sign of x
      BigInteger y = new BigInteger(1, bigEndian);
      BigInteger u =
          BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).mod(P).modInverse(P)).mod(P);
      byte[] bytes = u.toByteArray();
      byte[] padded = new byte[32];
      int length = Math.min(32, bytes.length);
      System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
      return reverse(padded);
    }

    private static byte[] reverse(byte[] bytes) {
      byte[] reversed = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        reversed[i] = bytes[bytes.length - 1 - i];
      }
      return reversed;
    }
  }
}
