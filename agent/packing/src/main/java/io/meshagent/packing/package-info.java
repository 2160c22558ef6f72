/**
 * Packs the layers into one archive, at build time: what nobody can reach stays out, and what a
 * start needs is stored as it is. JDK only.
 */
package io.meshagent.packing;
