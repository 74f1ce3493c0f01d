/* SPDX-License-Identifier: MIT */
/*
 * PF2133: a device is in the list of its domain before its entry is set up.
 */
typedef _Bool bool;
typedef unsigned long size_t;
typedef struct { unsigned int slock; } spinlock_t;
struct list_head { struct list_head *next, *prev; };

#define true	1
#define false	0
#define NULL	((void *)0)
#define EINVAL	22
#define GFP_KERNEL	0xcc0u
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void _raw_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
void *kzalloc(size_t size, unsigned int flags);
unsigned int oracle_choose(unsigned int n);

#define spin_lock(lock)		_raw_spin_lock(lock)
#define spin_unlock(lock)	_raw_spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)	((flags) = _raw_spin_lock_irqsave(lock))
#define spin_unlock_irqrestore(lock, flags) \
	_raw_spin_unlock_irqrestore(lock, flags)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	list->prev = list;
}

static inline void __list_add(struct list_head *item, struct list_head *prev,
			      struct list_head *next)
{
	next->prev = item;
	item->next = next;
	item->prev = prev;
	WRITE_ONCE(prev->next, item);
}

static inline void list_add(struct list_head *item, struct list_head *head)
{
	__list_add(item, head, head->next);
}

static inline void list_add_tail(struct list_head *item, struct list_head *head)
{
	__list_add(item, head->prev, head);
}

static inline void list_del(struct list_head *item)
{
	item->next->prev = item->prev;
	WRITE_ONCE(item->prev->next, item->next);
}

struct dmar_domain {
	int users;
	spinlock_t lock;
	struct list_head devices;
	struct list_head dev_pasids;
	bool dirty_tracking;
};

/* present and dirty are what the hardware looks at. */
struct device_info {
	struct list_head link;
	struct dmar_domain *domain;
	bool present, dirty;
};

struct intel_iommu {
	int id;
	spinlock_t lock;
};

static struct intel_iommu the_iommu;

#define entry_lock the_iommu.lock

/* Sets up the entry by what the domain says. */
static int intel_pasid_setup_nested(struct device_info *info, struct dmar_domain *domain)
{
	spin_lock(&entry_lock);
	info->dirty = READ_ONCE(domain->dirty_tracking);
	info->present = true;
	spin_unlock(&entry_lock);
	return oracle_choose(2) ? -EINVAL : 0;
}

static int intel_pasid_setup_second_level(struct device_info *info, struct dmar_domain *domain)
{
	return intel_pasid_setup_nested(info, domain);
}

/* What is not set up yet takes the setting over itself, later. */
static int intel_pasid_setup_dirty_tracking(struct device_info *info, bool enabled)
{
	spin_lock(&entry_lock);
	if (info->present)
		info->dirty = enabled;
	spin_unlock(&entry_lock);
	return 0;
}

/* Turns dirty tracking on: the flag first, then every device that is there. */
int set_dirty_tracking(struct dmar_domain *domain)
{
	struct list_head *at;
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	WRITE_ONCE(domain->dirty_tracking, true);	/* ok PF2133 */
	for (at = domain->devices.next; at != &domain->devices; at = at->next) {
		struct device_info *info = container_of(at, struct device_info, link);

		intel_pasid_setup_dirty_tracking(info, true);
	}
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

/* ------------------------------------------------------------------- reported */

int attach_late(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret;

	ret = intel_pasid_setup_nested(info, domain);	/* PF2133: not in the list yet */
	if (ret)
		return ret;
	info->domain = domain;
	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->devices);
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

/* Who changes the setting waits for the lock, and then finds it. */
int attach_in_one_section(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&domain->lock, flags);
	ret = intel_pasid_setup_nested(info, domain);	/* ok PF2133 */
	if (!ret)
		list_add(&info->link, &domain->devices);
	spin_unlock_irqrestore(&domain->lock, flags);
	return ret;
}

int attach_in_two_sections(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&domain->lock, flags);
	ret = intel_pasid_setup_nested(info, domain);	/* PF2133: the setting can change between */
	spin_unlock_irqrestore(&domain->lock, flags);
	if (ret)
		return ret;
	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->devices);
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

static void add_device(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	list_add_tail(&info->link, &domain->devices);
	spin_unlock_irqrestore(&domain->lock, flags);
}

/* The list has a member, and it is another one. */
int attach_beside_another(struct dmar_domain *domain, struct device_info *info,
			  struct device_info *other)
{
	int ret;

	add_device(domain, other);
	ret = intel_pasid_setup_nested(info, domain);	/* todo PF2133: info is not in the list yet */
	if (!ret)
		add_device(domain, info);
	return ret;
}

static int setup(struct device_info *info, struct dmar_domain *domain, bool nested)
{
	if (nested)
		return intel_pasid_setup_nested(info, domain);	/* ok PF2133: one caller is wrong, below */
	return intel_pasid_setup_second_level(info, domain);
}

int attach_late_by_helper(struct dmar_domain *domain, struct device_info *info)
{
	int ret = intel_pasid_setup_second_level(info, domain);	/* PF2133: the helper is late */

	if (ret)
		return ret;
	add_device(domain, info);
	return 0;
}

/* Only one of two ways is wrong. */
int attach_sometimes_late(struct dmar_domain *domain, struct device_info *info, bool early)
{
	int ret;

	if (early) {
		add_device(domain, info);
		return intel_pasid_setup_nested(info, domain);
	}
	ret = intel_pasid_setup_nested(info, domain);	/* PF2133: this one */
	add_device(domain, info);
	return ret;
}

/* The list is changed while others walk it, or overlooked by one that does. */
int attach_unlocked(struct dmar_domain *domain, struct device_info *info)
{
	list_add(&info->link, &domain->devices);	/* PF2133: without the lock */
	return intel_pasid_setup_nested(info, domain);
}

/* The head is written by hand. */
int attach_late_by_hand(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret = intel_pasid_setup_nested(info, domain);	/* PF2133: by hand */

	spin_lock_irqsave(&domain->lock, flags);
	info->link.next = domain->devices.next;
	info->link.prev = &domain->devices;
	domain->devices.next->prev = &info->link;
	domain->devices.next = &info->link;
	spin_unlock_irqrestore(&domain->lock, flags);
	return ret;
}

/* Nothing says in which list the device should be. */
int attach_never(struct dmar_domain *domain, struct device_info *info)
{
	return intel_pasid_setup_nested(info, domain);	/* todo PF2133: it is in no list */
}

/* --------------------------------------------------------------- not reported */

int attach(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->devices);
	spin_unlock_irqrestore(&domain->lock, flags);
	ret = intel_pasid_setup_second_level(info, domain);	/* ok PF2133 */
	if (!ret)
		return 0;
	spin_lock_irqsave(&domain->lock, flags);
	list_del(&info->link);
	spin_unlock_irqrestore(&domain->lock, flags);
	return ret;
}

int attach_by_helpers(struct dmar_domain *domain, struct device_info *info)
{
	add_device(domain, info);
	return setup(info, domain, true);	/* ok PF2133 */
}

static int add_locked(struct dmar_domain *domain, struct device_info *info)
{
	list_add(&info->link, &domain->devices);	/* ok PF2133: the caller holds the lock */
	return 0;
}

int attach_by_locked_helper(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	add_locked(domain, info);
	spin_unlock_irqrestore(&domain->lock, flags);
	return intel_pasid_setup_nested(info, domain);	/* ok PF2133 */
}

int attach_two(struct dmar_domain *domain, struct device_info *a, struct device_info *b)
{
	int ret;

	add_device(domain, a);
	ret = intel_pasid_setup_nested(a, domain);	/* ok PF2133 */
	if (ret)
		return ret;
	add_device(domain, b);
	return intel_pasid_setup_nested(b, domain);	/* ok PF2133 */
}

/* A PASID is in another list; a domain that tracks has none. */
int attach_pasid(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;
	int ret = intel_pasid_setup_second_level(info, domain);	/* ok PF2133 */

	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->dev_pasids);
	spin_unlock_irqrestore(&domain->lock, flags);
	return ret;
}

/* The list of another domain. */
int move(struct dmar_domain *domain, struct dmar_domain *other, struct device_info *info)
{
	unsigned long flags;
	int ret = intel_pasid_setup_nested(info, domain);	/* ok PF2133 */

	spin_lock_irqsave(&other->lock, flags);
	list_add(&info->link, &other->devices);
	spin_unlock_irqrestore(&other->lock, flags);
	return ret;
}

/* Nobody else knows the domain yet. */
struct dmar_domain *make(struct device_info *info)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	INIT_LIST_HEAD(&domain->devices);
	if (intel_pasid_setup_nested(info, domain))	/* ok PF2133 */
		return NULL;
	list_add(&info->link, &domain->devices);	/* ok PF2133 */
	return domain;
}

/* ------------------------------------------------------------------ scenarios */

static struct dmar_domain the_domain;
static struct device_info the_info, second_info;

static void init(void)
{
	INIT_LIST_HEAD(&the_domain.devices);
	INIT_LIST_HEAD(&the_domain.dev_pasids);
}

/* Every device that is attached has the setting of its domain. */
static int check(void)
{
	return !the_info.present || !the_info.domain ||
	       the_info.dirty == the_domain.dirty_tracking;
}

static void updater(void)
{
	set_dirty_tracking(&the_domain);
}

static void late(void)
{
	attach_late(&the_domain, &the_info);
}

static void in_one_section(void)
{
	if (!attach_in_one_section(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void in_two_sections(void)
{
	if (!attach_in_two_sections(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void late_by_helper(void)
{
	if (!attach_late_by_helper(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void sometimes_late(void)
{
	if (!attach_sometimes_late(&the_domain, &the_info, oracle_choose(2)))
		the_info.domain = &the_domain;
}

static void unlocked(void)
{
	if (!attach_unlocked(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void late_by_hand(void)
{
	if (!attach_late_by_hand(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void right(void)
{
	if (!attach(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void right_by_helpers(void)
{
	if (!attach_by_helpers(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void right_by_locked_helper(void)
{
	if (!attach_by_locked_helper(&the_domain, &the_info))
		the_info.domain = &the_domain;
}

static void right_two(void)
{
	if (!attach_two(&the_domain, &the_info, &second_info))
		the_info.domain = &the_domain;
}

/*
 * oracle: init=init threads=late,updater check=check expect=broken
 * oracle: init=init threads=in_one_section,updater check=check expect=holds
 * oracle: init=init threads=in_two_sections,updater check=check expect=broken
 * oracle: init=init threads=late_by_helper,updater check=check expect=broken
 * oracle: init=init threads=sometimes_late,updater check=check expect=broken
 * oracle: init=init threads=late_by_hand,updater check=check expect=broken
 * oracle: init=init threads=unlocked,updater check=check expect=race
 * oracle: init=init threads=right,updater check=check expect=holds
 * oracle: init=init threads=right_by_helpers,updater check=check expect=holds
 * oracle: init=init threads=right_by_locked_helper,updater check=check expect=holds
 * oracle: init=init threads=right_two,updater check=check expect=holds
 */
