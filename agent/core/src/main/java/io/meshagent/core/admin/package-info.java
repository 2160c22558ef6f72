/**
 * The admin page of the JVM. Imports log and the agent's threads, and takes what its pages show as
 * functions.
 */
package io.meshagent.core.admin;
