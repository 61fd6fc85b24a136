/**
 * Certificates of a node: reading those that an operator configured, and keeping a development
 * authority in the home for those who configured none. It knows only the JDK, because {@code
 * launcher.jar check} and {@code certs} run it before there is a framework; what signs is behind
 * {@link blackhole.orchestrator.tls.CertificateIssuer}, and loaded by those alone who need it.
 */
@NullMarked
package blackhole.orchestrator.tls;

import org.jspecify.annotations.NullMarked;
