/** Makes certificates, with Bouncy Castle. Loaded when one has to be made, and else never. */
@NullMarked
package blackhole.orchestrator.tls.x509;

import org.jspecify.annotations.NullMarked;
