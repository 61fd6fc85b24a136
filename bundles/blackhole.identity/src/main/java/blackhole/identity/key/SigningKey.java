package blackhole.identity.key;

import blackhole.identity.did.DidKey;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 key that signs tokens, or signed them once. On disk it is a JWK (RFC 8037) with the
 * private part {@code d} while it signs; a retired key has {@code expires} instead. Immutable.
 */
public final class SigningKey {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** Processes notice a new key within this time, so an old one may sign that much longer. */
  static final Duration HANDOVER = Duration.ofMinutes(1);

  private final int generation;
  private final String id;
  private final Instant created;
  private final Duration lifetime;
  private final Ed25519PublicKeyParameters publicKey;
  private final @Nullable Ed25519PrivateKeyParameters privateKey;
  private final @Nullable Instant expires;
  private final String jwsHeader;
  private final String issuer;

  private SigningKey(
      int generation,
      Instant created,
      Duration lifetime,
      Ed25519PublicKeyParameters publicKey,
      @Nullable Ed25519PrivateKeyParameters privateKey,
      @Nullable Instant expires) {
    this.generation = generation;
    this.created = created;
    this.lifetime = lifetime;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.expires = expires;
    this.id = thumbprint(publicKey);
    this.jwsHeader = base64("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" + id + "\"}");
    this.issuer = DidKey.ofEd25519(publicKey.getEncoded()).id();
  }

  static SigningKey generate(
      int generation, Instant created, Duration lifetime, SecureRandom random) {
    var privateKey = new Ed25519PrivateKeyParameters(random);
    return new SigningKey(
        generation, created, lifetime, privateKey.generatePublicKey(), privateKey, null);
  }

  /** This key without its private part, kept until the last token that it signed has expired. */
  SigningKey retired(Instant now) {
    Instant lastExpiry = now.plus(lifetime).plus(HANDOVER);
    return new SigningKey(generation, created, lifetime, publicKey, null, lastExpiry);
  }

  int generation() {
    return generation;
  }

  /** The thumbprint of the public key (RFC 7638). */
  public String id() {
    return id;
  }

  /** The {@code did:key} of the public key: who a token says it is from. */
  public String issuer() {
    return issuer;
  }

  /** The protected header of every token that this key signs, encoded. */
  public String jwsHeader() {
    return jwsHeader;
  }

  Instant created() {
    return created;
  }

  /** The longest life of a token signed by this key. */
  Duration lifetime() {
    return lifetime;
  }

  boolean canSign() {
    return privateKey != null;
  }

  /** When a retired key may be forgotten; empty while it signs. */
  Optional<Instant> expires() {
    return Optional.ofNullable(expires);
  }

  /**
   * @throws IllegalStateException if the key is retired
   */
  public byte[] sign(byte[] message) {
    if (privateKey == null) {
      throw new IllegalStateException("the signing key " + id + " is retired");
    }
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, privateKey);
    signer.update(message, 0, message.length);
    return signer.generateSignature();
  }

  public boolean verify(byte[] message, byte[] signature) {
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, publicKey);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  String toJwk() {
    JsonObject jwk = new JsonObject();
    jwk.addProperty("kty", "OKP");
    jwk.addProperty("crv", "Ed25519");
    jwk.addProperty("use", "sig");
    jwk.addProperty("kid", id);
    jwk.addProperty("x", BASE64.encodeToString(publicKey.getEncoded()));
    if (privateKey != null) {
      jwk.addProperty("d", BASE64.encodeToString(privateKey.getEncoded()));
    }
    jwk.addProperty("created", created.getEpochSecond());
    jwk.addProperty("token_lifetime", lifetime.toSeconds());
    if (expires != null) {
      jwk.addProperty("expires", expires.getEpochSecond());
    }
    return jwk + "\n";
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  static SigningKey fromJwk(int generation, String text) {
    try {
      JsonObject jwk = JsonParser.parseString(text).getAsJsonObject();
      var publicKey = new Ed25519PublicKeyParameters(bytes(jwk, "x"));
      JsonElement expires = jwk.get("expires");
      SigningKey key =
          new SigningKey(
              generation,
              Instant.ofEpochSecond(member(jwk, "created").getAsLong()),
              Duration.ofSeconds(member(jwk, "token_lifetime").getAsLong()),
              publicKey,
              jwk.has("d") ? new Ed25519PrivateKeyParameters(bytes(jwk, "d")) : null,
              expires == null ? null : Instant.ofEpochSecond(expires.getAsLong()));
      key.checkConsistent();
      return key;
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new IllegalArgumentException("it is not a JSON Web Key", e);
    }
  }

  private void checkConsistent() {
    if (privateKey != null
        && !MessageDigest.isEqual(
            privateKey.generatePublicKey().getEncoded(), publicKey.getEncoded())) {
      throw new IllegalArgumentException("its private and public parts do not belong together");
    }
    if (privateKey == null && expires == null) {
      throw new IllegalArgumentException("it has neither a private part nor an expiry");
    }
  }

  private static byte[] bytes(JsonObject jwk, String name) {
    byte[] bytes = Base64.getUrlDecoder().decode(member(jwk, name).getAsString());
    if (bytes.length != 32) {
      throw new IllegalArgumentException("its member '" + name + "' is not 32 bytes");
    }
    return bytes;
  }

  private static JsonElement member(JsonObject jwk, String name) {
    JsonElement member = jwk.get(name);
    if (member == null) {
      throw new IllegalArgumentException("it has no member '" + name + "'");
    }
    return member;
  }

  private static String thumbprint(Ed25519PublicKeyParameters publicKey) {
    // RFC 7638: the required members, in lexical order, without white space
    String jwk =
        "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\""
            + BASE64.encodeToString(publicKey.getEncoded())
            + "\"}";
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return BASE64.encodeToString(sha256.digest(jwk.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
