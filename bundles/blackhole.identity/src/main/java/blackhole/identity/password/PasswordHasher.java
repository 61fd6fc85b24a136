package blackhole.identity.password;

/** The expensive function itself. Thread-safe; takes the memory and time that the cost says. */
@FunctionalInterface
public interface PasswordHasher {
  /**
   * @param length of the result in bytes
   */
  byte[] hash(byte[] password, byte[] salt, HashCost cost, int length);
}
