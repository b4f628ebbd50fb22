// SPDX-License-Identifier: BSD-2-Clause
/*
 * Recovery from loss: with SACK as RFC 6675 has it, its scoreboard being marks on the segments that
 * are not acknowledged; without, NewReno (RFC 6582). lwIP calls this for acknowledgements that have
 * SACK, and for each during recovery.
 *
 * In recovery cwnd is what lwIP's output wants it to be, counted from the last acknowledgement: the
 * data in flight, less what has left the network, up to ssthresh.
 */
#include <lwip/priv/tcp_priv.h>
#include <stdbool.h>

#define LOST_SEGMENTS 3 /* so many behind it that arrived, and a segment is lost (DupThresh) */

static bool has_arrived(const struct tcp_pcb *pcb, const struct tcp_seg *seg,
			const struct tcp_sack_range *sack, u8_t nsack)
{
	u32_t from = lwip_ntohl(seg->tcphdr->seqno), to = from + TCP_TCPLEN(seg);

	for (u8_t i = 0; i < nsack; i++)
		if (TCP_SEQ_LEQ(sack[i].left, from) && TCP_SEQ_GEQ(sack[i].right, to) &&
		    TCP_SEQ_LEQ(sack[i].right, pcb->snd_nxt))
			return true;
	return false;
}

/* Returns how many segments are marked. */
static u32_t mark(const struct tcp_pcb *pcb, const struct tcp_sack_range *sack, u8_t nsack)
{
	u32_t n = 0;

	for (struct tcp_seg *seg = pcb->unacked; seg; seg = seg->next) {
		if (has_arrived(pcb, seg, sack, nsack))
			seg->flags |= TF_SEG_SACKED;
		n += !!(seg->flags & TF_SEG_SACKED);
	}
	return n;
}

/* The first one is: three duplicates or a part of what was in flight have been acknowledged. */
static bool is_lost(const struct tcp_pcb *pcb, const struct tcp_seg *seg, u32_t arrived_behind)
{
	return seg == pcb->unacked || arrived_behind >= LOST_SEGMENTS;
}

/* RFC 6675, 4, SetPipe(): bytes that are still in the network. */
static u32_t pipe_bytes(const struct tcp_pcb *pcb, u32_t arrived)
{
	u32_t n = 0;

	for (const struct tcp_seg *seg = pcb->unacked; seg; seg = seg->next) {
		if (seg->flags & TF_SEG_SACKED)
			arrived--;
		else if (seg->flags & TF_SEG_RESENT || !is_lost(pcb, seg, arrived))
			n += seg->len;
	}
	return n;
}

/* RFC 6675, 4, NextSeg(): what is lost, and where there is nothing new to send, what may be. The
 * first segment goes in any case. Returns what is in the network then. */
static u32_t send_holes(struct tcp_pcb *pcb, u32_t arrived)
{
	u32_t pipe = pipe_bytes(pcb, arrived);

	for (struct tcp_seg *seg = pcb->unacked; seg && arrived; seg = seg->next) {
		if (seg != pcb->unacked && pipe + pcb->mss > pcb->ssthresh)
			break;
		if (seg->flags & TF_SEG_SACKED) {
			arrived--;
			continue;
		}
		if (seg->flags & TF_SEG_RESENT || !(is_lost(pcb, seg, arrived) || !pcb->unsent))
			continue;
		if (tcp_rexmit_seg(pcb, seg) != ERR_OK)
			break;
		pipe += is_lost(pcb, seg, arrived) ? seg->len : 0;
		seg->flags |= TF_SEG_RESENT;
	}
	return pipe;
}

static void recover_by_sack(struct tcp_pcb *pcb, const struct tcp_sack_range *sack, u8_t nsack)
{
	u32_t arrived = mark(pcb, sack, nsack), pipe;

	if (!(pcb->flags & TF_INFR)) {
		if (pcb->flags & TF_RTO ||
		    (arrived < LOST_SEGMENTS && pcb->dupacks < LOST_SEGMENTS))
			return;
		tcp_begin_recovery(pcb);
	}
	pipe = send_holes(pcb, arrived);
	pcb->cwnd = pcb->snd_nxt - pcb->lastack;
	if (pipe < pcb->ssthresh)
		TCP_WND_INC(pcb->cwnd, pcb->ssthresh - pipe);
}

/* RFC 6582, 3.2, step 3: an acknowledgement of a part. */
static void recover_partly(struct tcp_pcb *pcb, u32_t acked)
{
	pcb->cwnd = LWIP_MAX(pcb->cwnd, acked) - acked;
	TCP_WND_INC(pcb->cwnd, pcb->mss);
	tcp_rexmit(pcb);
}

void tcp_recover(struct tcp_pcb *pcb, u32_t acked, const struct tcp_sack_range *sack, u8_t nsack)
{
	if (!pcb->unacked)
		return;
	if (pcb->flags & TF_SACK)
		recover_by_sack(pcb, sack, nsack);
	else if (acked)
		recover_partly(pcb, acked);
}
