/**
 * How attempts are spread over the instances of a service: balancers, what is known of instances,
 * ejection, slow start. Knows neither gRPC nor the registry.
 *
 * <p>Imports: {@code core.api}, {@code core.flight}.
 */
package io.meshagent.core.balance;
