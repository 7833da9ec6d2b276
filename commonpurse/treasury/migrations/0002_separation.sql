-- An approval is a trustee's, over this very payload, by somebody who is not part of the payment.
-- The services say so first, in words; whoever writes past them is refused here.
CREATE FUNCTION treasury_approval_judge() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    signed record;
BEGIN
    SELECT v.payload_hash, v.edited_by_member_id, r.requester_member_id, s.member_ids,
           p.beneficial_owner_member_id, a.entered_by_member_id
    INTO STRICT signed
    FROM treasury_requestversion v
    JOIN treasury_paymentrequest r ON r.id = v.request_id
    JOIN treasury_trusteeset s ON s.id = v.trustee_set_id
    JOIN treasury_payee p ON p.id = v.payee_id
    JOIN treasury_payeeaccount a ON a.id = v.payee_account_id
    WHERE v.id = NEW.version_id AND v.coop_id = NEW.coop_id;
    IF NEW.payload_hash <> signed.payload_hash THEN
        RAISE EXCEPTION 'approval_judge: another payload was signed' USING ERRCODE = '23514';
    END IF;
    IF NOT signed.member_ids ? NEW.trustee_member_id::text THEN
        RAISE EXCEPTION 'approval_judge: not a trustee' USING ERRCODE = '23514';
    END IF;
    IF NEW.trustee_member_id IN (
        signed.requester_member_id,
        signed.edited_by_member_id,
        signed.entered_by_member_id,
        COALESCE(signed.beneficial_owner_member_id, signed.requester_member_id)
    ) THEN
        RAISE EXCEPTION 'approval_judge: part of the payment' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER approval_judge BEFORE INSERT ON treasury_approval
FOR EACH ROW EXECUTE FUNCTION treasury_approval_judge();

-- An order is the newest payload of a request that has not ended, signed by enough trustees, in
-- time, and into an account that has cooled down.
CREATE FUNCTION treasury_order_judge() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ordered record;
BEGIN
    SELECT v.amount_minor, v.expires_at, v.request_id, v.version, a.usable_from, m.fund_id,
           s.approvals_needed
    INTO STRICT ordered
    FROM treasury_requestversion v
    JOIN treasury_paymentrequest r ON r.id = v.request_id
    JOIN treasury_mandate m ON m.id = r.mandate_id
    JOIN treasury_trusteeset s ON s.id = v.trustee_set_id
    JOIN treasury_payeeaccount a ON a.id = v.payee_account_id
    WHERE v.id = NEW.version_id AND v.coop_id = NEW.coop_id;
    IF NEW.amount_minor <> ordered.amount_minor OR NEW.fund_id <> ordered.fund_id THEN
        RAISE EXCEPTION 'order_judge: another amount or fund was signed' USING ERRCODE = '23514';
    END IF;
    IF NEW.at >= ordered.expires_at OR NEW.at < ordered.usable_from THEN
        RAISE EXCEPTION 'order_judge: too late or too early' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (SELECT FROM treasury_requestend e WHERE e.request_id = ordered.request_id)
        OR EXISTS (
            SELECT FROM treasury_requestversion v
            WHERE v.request_id = ordered.request_id AND v.version > ordered.version
        )
    THEN
        RAISE EXCEPTION 'order_judge: the request ended or was edited' USING ERRCODE = '23514';
    END IF;
    IF (SELECT count(*) FROM treasury_approval p WHERE p.version_id = NEW.version_id)
        < ordered.approvals_needed
    THEN
        RAISE EXCEPTION 'order_judge: too few approvals' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER order_judge BEFORE INSERT ON treasury_paymentorder
FOR EACH ROW EXECUTE FUNCTION treasury_order_judge();
