/** Access tokens: compact JWS, signed with Ed25519. */
@NullMarked
package blackhole.identity.token;

import org.jspecify.annotations.NullMarked;
