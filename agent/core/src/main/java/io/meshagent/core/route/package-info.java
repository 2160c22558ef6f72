/**
 * Which of a service's endpoints the channels of this JVM use: what a route leaves out, it leaves
 * out here, after the scheme is known. Knows neither gRPC nor the registry.
 *
 * <p>Imports: {@code core.api}, {@code core.balance}, {@code core.config}, {@code core.route.rule}.
 */
package io.meshagent.core.route;
