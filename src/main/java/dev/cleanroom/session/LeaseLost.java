package dev.cleanroom.session;

/** Another holder has a higher epoch: whoever sees this stops without a word. */
public final class LeaseLost extends RuntimeException {
    public LeaseLost(Lease lease) {
        super("lease " + lease.epoch() + " of session " + lease.session() + " was lost");
    }
}
