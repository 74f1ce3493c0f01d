/* SPDX-License-Identifier: MIT */
/* PF2201, PF2202: what VFIO's containers and groups hold under their locks. */
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
#define EINVAL 22
#define EBUSY 16
#define GFP_KERNEL 0xcc0u

struct mutex { unsigned long owner; };
struct file;
struct list_head { struct list_head *next, *prev; };

void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void *kzalloc(unsigned long size, unsigned int flags);
void kfree(const void *p);

struct vfio_iommu {
	struct list_head domain_list;
	struct mutex lock;
	unsigned int dma_avail;
	unsigned int vaddr_invalid_count;
	unsigned long pgsize_bitmap;
	unsigned int num_non_pinned_groups;
	bool v2;
	bool dirty_page_tracking;
};

struct vfio_group {
	int type;
	struct mutex group_lock;
	struct file *opened_file;
	void *iommufd;
	unsigned int cdev_device_open_cnt;
};

/* ------------------------------------------------------------------ containers */

struct vfio_iommu *container_open(unsigned int limit)
{
	struct vfio_iommu *iommu = kzalloc(sizeof(*iommu), GFP_KERNEL);

	if (!iommu)
		return NULL;
	iommu->dma_avail = limit;	/* ok PF2201: nobody else has it yet */
	return iommu;
}

int dma_map(struct vfio_iommu *iommu)
{
	int ret = -EINVAL;

	mutex_lock(&iommu->lock);
	if (iommu->dma_avail) {
		iommu->dma_avail--;	/* ok PF2201 */
		ret = 0;
	}
	mutex_unlock(&iommu->lock);
	return ret;
}

int dma_map_checked_first(struct vfio_iommu *iommu)
{
	if (!iommu->dma_avail)
		return -EINVAL;
	iommu->dma_avail--;	/* PF2201: no lock */
	return 0;
}

static void count_invalid(struct vfio_iommu *iommu)
{
	iommu->vaddr_invalid_count++;	/* ok PF2201: the callers hold it */
}

void invalidate(struct vfio_iommu *iommu)
{
	mutex_lock(&iommu->lock);
	count_invalid(iommu);
	mutex_unlock(&iommu->lock);
}

int track_dirty(struct vfio_iommu *iommu, bool on)
{
	if (!mutex_trylock(&iommu->lock))
		return -EBUSY;
	iommu->dirty_page_tracking = on;	/* ok PF2201 */
	mutex_unlock(&iommu->lock);
	return 0;
}

int track_dirty_anyway(struct vfio_iommu *iommu, bool on)
{
	int locked = mutex_trylock(&iommu->lock);

	iommu->dirty_page_tracking = on;	/* PF2201: the lock may not have been had */
	if (locked)
		mutex_unlock(&iommu->lock);
	return 0;
}

void pinned(struct vfio_iommu *iommu)
{
	mutex_lock(&iommu->lock);
	if (!iommu->num_non_pinned_groups) {
		mutex_unlock(&iommu->lock);
		return;
	}
	mutex_unlock(&iommu->lock);
	iommu->num_non_pinned_groups--;	/* PF2201: after the unlock */
}

/* ---------------------------------------------------------------------- groups */

int group_open(struct vfio_group *group, struct file *file)
{
	int ret = 0;

	mutex_lock(&group->group_lock);
	if (group->opened_file)
		ret = -EBUSY;
	else
		group->opened_file = file;	/* ok PF2202 */
	mutex_unlock(&group->group_lock);
	return ret;
}

void group_release(struct vfio_group *group)
{
	group->opened_file = NULL;	/* PF2202: no lock */
}

void group_release_under_another(struct vfio_group *group, struct vfio_iommu *iommu)
{
	mutex_lock(&iommu->lock);
	group->iommufd = NULL;	/* PF2202: the lock of another object */
	mutex_unlock(&iommu->lock);
}

void group_destroy(struct vfio_group *group)
{
	group->opened_file = NULL;	/* ok PF2202: it is given back here */
	kfree(group);
}
