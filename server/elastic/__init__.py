"""How is a crawler.yml of Elastic's Open Crawler read?"""
