package blackhole.ledger.entry;

import com.google.protobuf.ByteString;

/**
 * What somebody wants to have recorded.
 *
 * @param account whose entry it is; each text here takes 65,535 bytes in UTF-8 at most
 * @param type what it says
 * @param key the caller's name for it, once in an account
 * @param author who had it recorded
 * @param data what the type makes of it
 */
public record Draft(String account, String type, String key, String author, ByteString data) {
  /** Whether it is the same that is to be recorded; who wants it makes no difference. */
  public boolean hasContentOf(Draft other) {
    return account.equals(other.account)
        && type.equals(other.type)
        && key.equals(other.key)
        && data.equals(other.data);
  }
}
